"""/saya/pesanan/ORDER/kembalikan: how much comes back, where to and by when; then it is sent.

The key of the request is made of how many refunds the order had when the page was shown. So a
double click, a second tab and the back button all ask for the same refund.
"""

import re
from dataclasses import dataclass
from http import HTTPStatus

from meterai.api import RefundRequest
from meterai.domain.errors import KeyReused, NoBalance, OrderNotPaid, StampingInProgress
from meterai.domain.id_derivation import OrderId, RequestIdentity
from meterai.domain.refunds.refund_promises import needs_account
from meterai.entrypoints.http import body_hash
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.views import orders, refunds
from meterai.pages.views.entries import entries_of
from meterai.pages.views.refusals import sentence
from meterai.pages.visits import Visit
from meterai.steps.read_order import read_order
from meterai.steps.request_refund import request_refund

_QUANTITY = re.compile("[1-8]")
_EARLIER = re.compile("[0-9]{1,2}")


@dataclass(frozen=True, slots=True)
class _Asked:
    quantity: int
    earlier: str  # refunds of the order before this one


def check(visit: Visit, order_id: str) -> PageAnswer:
    """A quantity that cannot be given back leads to the order, which says how many can."""
    return _check(visit, order_id, visit.query.get("jumlah", ""))


def send(visit: Visit, order_id: str) -> PageAnswer:
    asked = _asked(visit)
    if asked is None:
        return Redirect(orders.address(order_id))
    body = RefundRequest(quantity=asked.quantity)
    key = f"pages-refund-{asked.earlier}"
    identity = RequestIdentity(f"orders/{order_id}/refunds", visit.account, key)
    try:
        refund = request_refund(
            identity, OrderId(order_id), asked.quantity, body_hash(body), visit.ports, visit.now
        )
    except KeyReused:
        return _check(visit, order_id, str(asked.quantity), is_second=True)
    except (NoBalance, OrderNotPaid, StampingInProgress) as error:
        return orders.show_order(
            visit, order_id, problem=sentence(error, visit), status=HTTPStatus.CONFLICT
        )
    return Redirect(refunds.address(refund.refund_id))


def _check(visit: Visit, order_id: str, quantity: str, *, is_second: bool = False) -> PageAnswer:
    """`is_second`: another number of them was given back meanwhile, from another tab."""
    order = read_order(visit.account, OrderId(order_id), visit.ports)
    [entry] = entries_of([order], visit)
    if not _QUANTITY.fullmatch(quantity) or int(quantity) > entry.may_give_back:
        return Redirect(orders.address(order_id))
    return Shown(
        "give_back",
        {
            "entry": entry,
            "quantity": int(quantity),
            "amount_idr": int(quantity) * order.unit_price_idr,
            "called_off": max(0, int(quantity) - entry.answer.available),
            "earlier": len(order.refunds()),
            "needs_account": needs_account(order.method),
            "promised_by": visit.now + visit.ports.refund_promises.of(order.method),
            "is_second": is_second,
        },
        status=HTTPStatus.CONFLICT if is_second else HTTPStatus.OK,
    )


def _asked(visit: Visit) -> _Asked | None:
    """None where the form was not made here."""
    quantity, earlier = visit.form.get("jumlah", ""), visit.form.get("sebelumnya", "")
    if _QUANTITY.fullmatch(quantity) and _EARLIER.fullmatch(earlier):
        return _Asked(int(quantity), earlier)
    return None
