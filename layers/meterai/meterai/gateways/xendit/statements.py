"""Xendit's records: its list of transactions, money in and money out.

https://docs.xendit.co/apidocs/list-transactions. The reference does not say which id of a payment
is its `product_id`: ids of payment requests (`pr-`) are read, and any other raises Unavailable.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pydantic import AwareDatetime

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import ChargeState
from meterai.domain.reconciliation.gateway_records import (
    GatewayRow,
    PaymentRow,
    PayoutRow,
    RefundRow,
)
from meterai.domain.refunds.payouts import PayoutState
from meterai.gateways.json_client import JsonClient
from meterai.gateways.keys import RotatingKey
from meterai.gateways.xendit.answers import PARTY, Amount, Body, Word, iso, read_body, rupiah
from meterai.gateways.xendit.client import TRANSACTION_PREFIX, XenditClient, accepted

_TYPES = ("PAYMENT", "REFUND", "DISBURSEMENT")
_PAGE = "50"  # the most that one answer holds

_PAID = {
    "SUCCESS": ChargeState.SETTLED,
    "VOIDED": ChargeState.REVERSED,
    "REVERSED": ChargeState.REVERSED,
}
_PAID_OUT = {
    "SUCCESS": PayoutState.COMPLETED,
    "PENDING": PayoutState.PROCESSED,
    "FAILED": PayoutState.FAILED,
    "VOIDED": PayoutState.FAILED,
    "REVERSED": PayoutState.FAILED,
}


class _Transaction(Body):
    id: str
    product_id: str
    type: Word
    status: Word
    reference_id: str
    amount: Amount
    created: AwareDatetime


class _Page(Body):
    has_more: bool
    data: tuple[_Transaction, ...]


class XenditStatements:
    """One request a page. Raises Unavailable on 429 too: the caller continues later."""

    def __init__(self, base_url: str, secret_key: str | RotatingKey) -> None:
        self._client = XenditClient(JsonClient(PARTY, base_url, secret_key))

    def between(self, begins: datetime, ends: datetime) -> Iterator[GatewayRow]:
        for one in self._transactions(begins, ends):
            if begins <= one.created < ends and (row := _row(one)) is not None:
                yield row

    def _transactions(self, begins: datetime, ends: datetime) -> Iterator[_Transaction]:
        """A little more than the period, since Xendit takes whole seconds."""
        last = ends + timedelta(seconds=1)
        after: dict[str, str] = {}
        while True:
            answer = self._client.get(
                "/transactions",
                types=_TYPES,
                limit=_PAGE,
                **{"created[gte]": iso(begins), "created[lte]": iso(last)},
                **after,
            )
            page = read_body(_Page, accepted(answer))
            yield from page.data
            if not page.has_more:
                return
            if not page.data or after.get("after_id") == page.data[-1].id:
                raise Unavailable(party=PARTY, reason="page_without_end")
            after = {"after_id": page.data[-1].id}


def _row(one: _Transaction) -> GatewayRow | None:
    """None: no money has moved."""
    amount_idr = rupiah(one.amount)[0]
    if one.type == "PAYMENT":
        state = _PAID.get(one.status)
        if state is None:
            return None
        if not one.product_id.startswith(TRANSACTION_PREFIX):
            raise Unavailable(party=PARTY, reason="unreadable", fields="product_id")
        charge = ChargeId(one.reference_id)
        return PaymentRow(PARTY, charge, one.product_id, state, amount_idr, one.created)
    if one.type == "REFUND":
        if one.status not in ("SUCCESS", "PENDING"):
            return None
        final = one.status == "SUCCESS"
        return RefundRow(PARTY, one.reference_id, amount_idr, final, one.created)
    try:
        paid_out = _PAID_OUT[one.status]
    except KeyError:
        raise Unavailable(party=PARTY, reason="unknown_state", state=one.status) from None
    key = one.reference_id
    return PayoutRow(PARTY, key, one.product_id, paid_out, amount_idr, one.created)
