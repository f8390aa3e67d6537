"""The drafts that somebody has begun, and a new one."""

from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.own_drafts import draft_address, is_ordered
from meterai.pages.visits import Visit
from meterai.steps.begin_draft import begin_draft

MAX_SHOWN = 20


def show(visit: Visit) -> PageAnswer:
    drafts = visit.ports.drafts.of_account(visit.account, MAX_SHOWN)
    in_progress = [(draft_address(one), one) for one in drafts if not is_ordered(one)]
    return Shown("drafts", {"drafts": in_progress})


def begin(visit: Visit) -> PageAnswer:
    """The form's token is the key: a double click begins one draft."""
    draft = begin_draft(visit.account, visit.form["token"], visit.ports, visit.now)
    return Redirect(draft_address(draft))
