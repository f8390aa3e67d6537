"""/saya: what one prepares, and everything one ever did, newest first."""

import re

from meterai.api.history import CURSOR, cursor_of, place_at
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.entries import entries_of
from meterai.pages.visits import Visit
from meterai.problems.problem import STATES
from meterai.steps.read_drafts import read_drafts
from meterai.steps.read_history import read_orders

ORDERS_A_PAGE = 10


def show(visit: Visit) -> PageAnswer:
    account, after = visit.account, visit.query.get("sesudah")
    if after is not None and not re.fullmatch(CURSOR, after):
        return Redirect("/saya")
    page = read_orders(account, place_at(after), ORDERS_A_PAGE, visit.ports)
    drafts = read_drafts(account, page.items, visit.ports)
    return Shown(
        "history",
        {
            "drafts": drafts.in_progress if after is None else (),
            "orders": entries_of(page.items, visit, drafts.names),
            "states": STATES,
            "is_first": after is None,
            "next": cursor_of(page.after),
        },
    )
