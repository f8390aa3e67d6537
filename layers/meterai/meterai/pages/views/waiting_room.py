"""/…/antre: the waiting room, while buying is paused.

The ticket is in the address, as in the API's: who reloads the page reads no table. Without it, the
account's own ticket is found or made.
"""

from urllib.parse import quote

from meterai.api import TicketAnswer
from meterai.domain.drafts.drafts import Draft
from meterai.domain.errors import NotFound
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views import check_answers
from meterai.pages.views.ordered_drafts import address_of, again_s, progress_of, refresh_s
from meterai.pages.visits import Visit
from meterai.steps.join_waiting_room import join_waiting_room
from meterai.steps.read_ticket import HeldTicket, read_ticket


def show(visit: Visit, draft: str) -> PageAnswer:
    found = progress_of(visit, draft).draft
    if found.order_id is not None:
        return Redirect(address_of(found, "bayar"))
    text = visit.query.get("tiket")
    if text is None:
        return _joined(visit, found)
    try:
        held = read_ticket(visit.account, text, visit.ports, visit.now)
    except NotFound:  # another account's, or older than the keys of tickets
        return _joined(visit, found)
    return _shown(visit, found, held)


def buy(visit: Visit, draft: str) -> PageAnswer:
    """With the ticket whose turn has come; or a new one, where that turn is over."""
    found = progress_of(visit, draft).draft
    text = visit.form.get("tiket") or None
    if visit.form.get("aksi") == "antre":
        return _joined(visit, found)
    return check_answers.ordered(visit, found, ticket=text)


def _joined(visit: Visit, draft: Draft) -> PageAnswer:
    held = join_waiting_room(visit.account, visit.ports, visit.now)
    if held is None:
        return _shown(visit, draft, None)
    return Redirect(f"{address_of(draft, 'antre')}?tiket={quote(held.text)}")


def _shown(visit: Visit, draft: Draft, held: HeldTicket | None) -> Shown:
    if held is None:
        answer = TicketAnswer.not_needed(visit.language)
    else:
        answer = TicketAnswer.of(held.ticket, held.text, held.admission, visit.language)
    return Shown(
        "waiting_room",
        {
            "draft": draft,
            "address": address_of(draft),
            "answer": answer,
            "again_s": again_s(answer.poll_after_ms),
        },
        refresh_s=refresh_s(answer.poll_after_ms),
    )
