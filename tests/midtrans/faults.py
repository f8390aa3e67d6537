"""The faults that can be injected, for one charge or for the next one.

A fault waits until its point is reached, then happens `times` times. Its source (a test, a person
through the control API, a seeded script) only has to add it here.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum


class FaultKind(StrEnum):
    """Each with the moment at which it happens and the settings it reads."""

    # on an API call; `endpoint` (charge, status, cancel, expire, refund, payouts) narrows it
    LOST_BEFORE = "lost_before"  # connection closed, nothing executed
    LOST_AFTER = "lost_after"  # executed, then the connection closed
    HTML = "html"  # a proxy's page instead of a response, `status_code` 502; nothing executed
    SLOW = "slow"  # executed, answered after `seconds`
    TRICKLE = "trickle"  # executed, answered byte by byte, one each `seconds`
    NOTHING = "nothing"  # executed, answered with an empty body
    BROKEN = "broken"  # the API's own `status_code` 500; nothing executed
    UPPER_CASE = "upper_case"  # the status in capitals, as DANA sends it
    UNKNOWN_FIELDS = "unknown_fields"  # undocumented fields

    # on a webhook
    WEBHOOK_LOST = "webhook_lost"
    WEBHOOK_DUPLICATE = "webhook_duplicate"  # `copies` in all
    WEBHOOK_OUT_OF_ORDER = "webhook_out_of_order"  # held until after the charge's next webhook
    FORGED_SIGNATURE = "forged_signature"  # besides the true one: as paid, with a wrong signature
    CHANGED_STATUS = "changed_status"  # besides the true one: with its signature, but "settlement"

    # when the buyer pays
    WRONG_AMOUNT = "wrong_amount"  # `amount` such as "9999.00"
    LATE_SETTLEMENT = "late_settlement"  # `seconds` past expiry
    DOUBLE_PAYMENT = "double_payment"  # a second transaction of the same order, one second later
    REVERSAL = "reversal"  # settled, then `state` (deny, chargeback) after `seconds`

    # when a refund is requested
    REFUND_DENIED = "refund_denied"  # `status_code` 202; nothing executed
    NIGHT_WINDOW = "night_window"  # denied from 23:55 to 06:00 WIB, as ShopeePay does
    REFUND_UNCONFIRMED = "refund_unconfirmed"  # executed; the bank never confirms
    NO_DIRECT_REFUND = "no_direct_refund"  # at Midtrans: only ordinary ones, which take two days
    OFF_US = "off_us"  # at Midtrans: the payer's QRIS issuer is another, refunds end after 7 days
    WHOLE_REFUNDS_ONLY = "whole_refunds_only"  # the payer's bank takes no part of a payment back

    # when a payout is requested; its `order_id` is the payout's idempotency key
    PAYOUT_REJECTED = "payout_rejected"  # by the approver
    PAYOUT_BOUNCED = "payout_bounced"  # completed, and returned by the bank after `seconds`


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    order_id: str | None = None
    times: int = 1
    endpoint: str | None = None
    seconds: float = 60.0
    copies: int = 2
    amount: str = "1.00"
    state: str = "deny"
    status_code: int = 0  # 0: the kind's default


_TYPES: dict[str, tuple[type, ...]] = {  # of the settings that are not text
    "times": (int,),
    "copies": (int,),
    "status_code": (int,),
    "seconds": (int, float),
}


class FaultScript:
    """The faults that have not happened yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Fault] = []
        self._met: set[str] = set()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._waiting.append(fault)

    def add_once(self, order_id: str, faults: Iterable[Fault]) -> None:
        """Faults that an order brings, added at its first request."""
        with self._lock:
            if order_id not in self._met:
                self._met.add(order_id)
                self._waiting.extend(faults)

    def clear(self) -> None:
        with self._lock:
            self._waiting.clear()

    def waiting(self) -> list[Fault]:
        with self._lock:
            return list(self._waiting)

    def has(self, kind: FaultKind, order_id: str) -> bool:
        """Whether such a fault is active; one that lasts is never used up."""
        with self._lock:
            return any(
                fault.kind is kind and fault.order_id in (None, order_id) for fault in self._waiting
            )

    def take(self, kind: FaultKind, order_id: str, endpoint: str | None = None) -> Fault | None:
        """The fault that happens here, if any; one of its times is used up."""
        return self.take_if(
            kind, order_id, lambda fault: endpoint is None or fault.endpoint in (None, endpoint)
        )

    def take_if(
        self, kind: FaultKind, order_id: str, applies: Callable[[Fault], bool]
    ) -> Fault | None:
        with self._lock:
            for index, fault in enumerate(self._waiting):
                if fault.kind is kind and fault.order_id in (None, order_id) and applies(fault):
                    if fault.times > 1:
                        self._waiting[index] = replace(fault, times=fault.times - 1)
                    else:
                        del self._waiting[index]
                    return fault
        return None


def read_fault(body: Mapping[str, object]) -> Fault:
    """A fault from the control API's JSON. Raises ValueError or TypeError."""
    settings = dict(body)
    name = settings.pop("fault", None)
    if not isinstance(name, str) or name not in list(FaultKind):
        message = f"fault is one of: {', '.join(FaultKind)}"
        raise ValueError(message)
    known = {each.name for each in fields(Fault)} - {"kind"}
    unknown = sorted(set(settings) - known)
    if unknown:
        message = f"unknown settings: {', '.join(unknown)}"
        raise ValueError(message)
    for key, value in settings.items():
        if isinstance(value, bool) or not isinstance(value, _TYPES.get(key, (str,))):
            message = f"{key} has the wrong type"
            raise TypeError(message)
    return replace(Fault(FaultKind(name)), **settings)  # type: ignore[arg-type]
