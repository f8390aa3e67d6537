"""E-mails about one's orders: asking for them, seeing whether they come, and stopping them.

`/berhenti/TOKEN` is the link of each mail. Mail programs open links before people do, so GET
changes nothing. They stop mails by a POST without cookies, and do not follow redirects, so its
answer is the page itself: https://www.rfc-editor.org/rfc/rfc8058#section-3.1
"""

from http import HTTPStatus

from meterai.domain.drafts.drafts import Draft, changed
from meterai.domain.notifications.consents import stopped_by
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.visits import Visit
from meterai.steps.accept_notifications import (
    accept_notifications,
    has_accepted,
    refuse_notifications,
    stop_notifications,
)
from meterai.steps.change_draft import change_draft

TICK_BOX = "kabar"  # the tick box of a form
OWN_PAGE = "/saya/kabar"


def are_offered(visit: Visit) -> bool:
    """Where no sender is configured, none is promised."""
    return visit.ports.notifications.are_sent


def with_tick_box(visit: Visit, draft: Draft) -> Draft:
    """The draft with what the form's tick box says, and the consent that belongs to it."""
    is_wanted = TICK_BOX in visit.form and are_offered(visit)
    if is_wanted and not draft.notify:
        is_wanted = accept_notifications(visit.account, visit.language, visit.ports, visit.now)
    if is_wanted == draft.notify:
        return draft
    return change_draft(
        visit.account,
        draft.draft_id,
        lambda one: changed(one, visit.now, notify=is_wanted),
        visit.ports,
    )


def show(visit: Visit) -> PageAnswer:
    account = visit.account
    offered = are_offered(visit)
    accepted = offered and has_accepted(account, visit.ports, visit.now)
    return Shown("notifications", {"is_offered": offered, "is_accepted": accepted})


def change(visit: Visit) -> PageAnswer:
    if visit.form.get("aksi") == "berhenti":
        refuse_notifications(visit.account, visit.ports)
    elif are_offered(visit):
        accept_notifications(visit.account, visit.language, visit.ports, visit.now)
    return Redirect(OWN_PAGE)


def ask_to_stop(visit: Visit, token: str) -> PageAnswer:
    if stopped_by(token, visit.ports.token_signer) is None:
        return _too_old()
    return Shown("stop_notifications", {"is_stopped": False})


def stop(visit: Visit, token: str) -> PageAnswer:
    if not stop_notifications(token, visit.ports):
        return _too_old()
    return Shown("stop_notifications", {"is_stopped": True})


def _too_old() -> Shown:
    return Shown("stop_notifications_too_old", status=HTTPStatus.NOT_FOUND)
