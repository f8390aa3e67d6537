"""/saya/pesanan: an order's whole life, and giving it up while it is unpaid."""

from http import HTTPStatus

from meterai.domain.errors import OrderPaid
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import OrderState
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views.entries import entries_of
from meterai.pages.views.refusals import sentence
from meterai.pages.visits import Visit
from meterai.problems.problem import STATES
from meterai.steps.cancel_order import cancel_order
from meterai.steps.read_drafts import read_drafts
from meterai.steps.read_order import read_order


def show(visit: Visit, order_id: str) -> Shown:
    return show_order(visit, order_id)


def cancel(visit: Visit, order_id: str) -> PageAnswer:
    """May be sent twice. Where the payment was faster, the page says so."""
    try:
        cancel_order(visit.account, OrderId(order_id), visit.ports, visit.now)
    except OrderPaid as error:
        return show_order(
            visit, order_id, problem=sentence(error, visit), status=HTTPStatus.CONFLICT
        )
    return Redirect(address(order_id))


def show_order(
    visit: Visit, order_id: str, *, problem: str | None = None, status: int = HTTPStatus.OK
) -> Shown:
    """`problem`: why what was asked for on it was not done. Raises NotFound."""
    order = read_order(visit.account, OrderId(order_id), visit.ports)
    drafts = read_drafts(visit.account, [order], visit.ports)
    [entry] = entries_of([order], visit, drafts.names)
    draft = drafts.by_order.get(order.order_id)
    is_pending = order.state is OrderState.PENDING and not order.is_given_up
    return Shown(
        "order",
        {
            "entry": entry,
            "states": STATES,
            "problem": problem,
            "may_cancel": is_pending and visit.now < order.expires_at,
            "pay_at": f"/saya/pengajuan/{draft.draft_id}/bayar" if draft else None,
        },
        status=status,
    )


def address(order_id: str) -> str:
    return f"/saya/pesanan/{order_id}"
