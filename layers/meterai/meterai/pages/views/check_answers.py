"""/…/ringkasan: the answers before one pays, and the button that orders."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from meterai.api.refunds import RefundTerms
from meterai.domain.drafts.draft_requests import usable
from meterai.domain.drafts.drafts import Draft, changed
from meterai.domain.errors import (
    BuyingPaused,
    MeteraiError,
    NotFound,
    Refusal,
    TicketExpired,
    TicketInvalid,
    TicketUsed,
    Unavailable,
)
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import MAX_QUANTITY, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.waiting.deadlines import promised_by
from meterai.domain.waiting.load_snapshot import closed, paused
from meterai.domain.waiting.queue_status import Lane, Range
from meterai.entrypoints.log import logger
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views import notifications
from meterai.pages.views.ordered_drafts import address_of, picture_address, progress_of
from meterai.pages.views.refused_orders import RefusedOrder
from meterai.pages.visits import Visit
from meterai.steps.buy_draft import buy_draft
from meterai.steps.change_draft import change_draft
from meterai.steps.find_missing_documents import find_missing_documents
from meterai.steps.stamp_draft import stamp_draft

RECENT_ORDERS = 20  # in which e-meterai that are not used are looked for


@dataclass(frozen=True, slots=True)
class Bought:
    """E-meterai that were bought before and are not used: `order_id` has enough of them for all
    documents, if one order has."""

    count: int
    order_id: OrderId | None


def show(visit: Visit, draft: str) -> PageAnswer:
    found = progress_of(visit, draft).draft
    if found.order_id is not None:
        return Redirect(address_of(found, "bayar"))
    return answers(visit, found)


def order(visit: Visit, draft: str) -> PageAnswer:
    found = progress_of(visit, draft).draft
    earlier = visit.form.get("pesanan")
    if earlier:
        return ordered(visit, found, earlier=OrderId(earlier))
    found = notifications.with_tick_box(visit, found)
    return ordered(visit, found, method=_method(visit, found), ticket=visit.form.get("tiket"))


def ordered(
    visit: Visit,
    draft: Draft,
    *,
    method: Method | None = None,
    ticket: str | None = None,
    earlier: OrderId | None = None,
) -> PageAnswer:
    """What this button leads to. `earlier`: with e-meterai of that order, which is paid."""
    chosen = method or draft.method
    try:
        if earlier is not None:
            stamp_draft(visit.account, draft.draft_id, earlier, visit.ports, visit.now)
        else:
            buy_draft(
                visit.account, draft.draft_id, chosen, visit.ports, visit.now, ticket=ticket or None
            )
    except NotFound:
        raise
    except TicketExpired:
        return Redirect(f"{address_of(draft, 'antre')}?tiket={quote(ticket or '')}")
    # The place in line is kept in the account; how they want to pay, in the draft.
    except (BuyingPaused, TicketInvalid, TicketUsed):
        change_draft(
            visit.account,
            draft.draft_id,
            lambda one: one if one.order_id else changed(one, visit.now, method=chosen),
            visit.ports,
        )
        return Redirect(address_of(draft, "antre"))
    except (Refusal, Unavailable) as refused:
        if draft.order_id is not None:
            return Redirect(address_of(draft, "bayar"))
        logger.info("not ordered", extra={"code": refused.code, "values": refused.values})
        return answers(visit, progress_of(visit, draft.draft_id).draft, refused, chosen, ticket)
    return Redirect(address_of(draft, "bayar"))


def answers(
    visit: Visit,
    draft: Draft,
    refused: MeteraiError | None = None,
    method: Method | None = None,
    ticket: str | None = None,
) -> PageAnswer:
    """`ticket`: of somebody whose turn has come."""
    if not draft.is_ready or find_missing_documents(draft, visit.ports, visit.now):
        return Redirect(address_of(draft))
    ports, now = visit.ports, visit.now
    problem = RefusedOrder.of(refused, visit) if refused else None
    chosen = method or draft.method
    if problem and problem.place == "method":
        chosen = next(one for one in Method if one is not chosen)
    return Shown(
        "check_answers",
        {
            "draft": draft,
            "address": address_of(draft),
            "documents": [
                (one, picture_address(draft, number, one))
                for number, one in enumerate(draft.documents, start=1)
            ],
            "price_idr": ports.unit_price_idr,
            "total_idr": ports.unit_price_idr * len(draft.documents),
            "terms": {
                one: RefundTerms.of(one, ports.refund_promises, visit.language).message
                for one in Method
            },
            "method": chosen,
            "bought": _bought_before(visit, draft),
            "deadline_at": _deadline(visit, draft),
            "promised_by": promised_by(
                draft.portal, ports.snapshot, now + ports.stamping_promise, now
            ),
            "stamped_within_s": _usual_wait_s(visit),
            "is_closed": closed(ports.snapshot) is not None,
            "is_paused": paused(ports.snapshot, now) is not None and not ticket,
            "ticket": ticket or "",
            "are_notifications_offered": notifications.are_offered(visit),
            "refused": problem,
        },
        status=problem.status if problem else 200,
    )


def _method(visit: Visit, draft: Draft) -> Method:
    chosen = visit.form.get("cara")
    return Method(chosen) if chosen in set(Method) else draft.method


def _bought_before(visit: Visit, draft: Draft) -> Bought | None:
    ports, wanted = visit.ports, len(draft.documents)
    listed = ports.orders.of_account(visit.account, limit=RECENT_ORDERS)
    paid = [one for one in ports.orders.get_many(listed) if one.state is OrderState.PAID]
    counts = {one.order_id: usable(one, draft, ports.id_deriver) for one in paid}
    count = sum(counts.values())
    if not count:
        return None
    # The fewest free ones come first: of an interrupted click's order some are requested already.
    enough = [one for one in paid if counts[one.order_id] >= wanted]
    fullest = min(enough, key=lambda one: len(one.free_slots), default=None)
    return Bought(min(count, MAX_QUANTITY), fullest.order_id if fullest else None)


def _deadline(visit: Visit, draft: Draft) -> datetime | None:
    snapshot = visit.ports.snapshot
    return None if snapshot is None else snapshot.deadlines.get(draft.portal or "")


def _usual_wait_s(visit: Visit) -> int | None:
    snapshot, now = visit.ports.snapshot, visit.now
    position = None if snapshot is None else snapshot.queue_position(Lane.STAMPING, now, now)
    wait: Range | None = None if position is None else position.wait
    return None if wait is None else max(1, round(wait.high))
