"""/…/bayar: how to pay the order of a draft, until it is paid or given up."""

import base64
from typing import Literal

from meterai.api import OrderAnswer
from meterai.domain.drafts.draft_requests import is_payable
from meterai.domain.errors import NotFound, OrderPaid
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.pages.answers import PageAnswer, Picture, Redirect, Shown
from meterai.pages.qr import qr_picture
from meterai.pages.views import check_answers
from meterai.pages.views.ordered_drafts import address_of, again_s, progress_of, refresh_s
from meterai.pages.visits import Visit
from meterai.steps.queue_positions import payment_position
from meterai.steps.reopen_draft import reopen_draft

KEPT_S = 900

Stage = Literal["code", "no_code", "closing", "expired", "cancelled", "reversed"]


def show(visit: Visit, draft: str) -> PageAnswer:
    progress = progress_of(visit, draft)
    order = progress.order
    if order is None:
        return Redirect(address_of(progress.draft, "ringkasan"))
    if order.state is OrderState.PAID:
        return Redirect(address_of(progress.draft, "proses"))
    ports, now = visit.ports, visit.now
    answer = OrderAnswer.of(
        order, now, visit.language, ports.refund_promises, payment_position(ports, now)
    )
    stage = _stage(order, visit)
    return Shown(
        "paying",
        {
            "draft": progress.draft,
            "address": address_of(progress.draft),
            "order": order,
            "answer": answer,
            "stage": stage,
            "again_s": again_s(answer.poll_after_ms),
            "may_ask": answer.retry_at is not None
            and (order.attempt > 1 or answer.retry_at <= now),
            "qr": _data_address(order) if stage == "code" else None,
        },
        refresh_s=refresh_s(answer.poll_after_ms),
    )


def act(visit: Visit, draft: str) -> PageAnswer:
    """`pesanan` names the order that the button was shown for: in a tab that was left open it is
    not the present one."""
    found = progress_of(visit, draft).draft
    action = visit.form.get("aksi")
    if action in ("baru", "ubah"):
        try:
            order_id = OrderId(visit.form.get("pesanan", ""))
            found = reopen_draft(visit.account, found.draft_id, order_id, visit.ports, visit.now)
        except OrderPaid:  # the money was faster
            return Redirect(address_of(found, "proses"))
    if action == "ubah":
        return Redirect(address_of(found, "ringkasan"))
    return check_answers.ordered(visit, found)


def picture(visit: Visit, draft: str) -> Picture:
    """The QRIS code alone, to be saved."""
    order = progress_of(visit, draft).order
    if order is None or not is_payable(order, visit.now):
        raise NotFound
    if order.instruction is None or order.instruction.qr_text is None:
        raise NotFound
    return Picture(qr_picture(order.instruction.qr_text), keep_s=KEPT_S)


def _stage(order: Order, visit: Visit) -> Stage:
    if is_payable(order, visit.now):
        return "no_code" if order.instruction is None else "code"
    match order.state:
        case OrderState.PENDING if not order.is_given_up:
            return "closing"
        case OrderState.EXPIRED:
            return "expired"
        case OrderState.REVERSED:
            return "reversed"
        case _:
            return "cancelled"


def _data_address(order: Order) -> str | None:
    """In the page itself: a weak line brings the code with the amount, or neither."""
    text = order.instruction.qr_text if order.instruction else None
    if text is None:
        return None
    return "data:image/png;base64," + base64.b64encode(qr_picture(text)).decode()
