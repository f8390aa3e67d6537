"""Named fault scripts: what goes wrong with a charge, chosen by name, magic amount or seed.

Magic amounts: the last three digits of the charged amount choose the script, so that a person who
can only choose a price can have any fault (with `UnitPriceIdr` 10101 the response to the charge is
lost). Amounts of whole thousands have no fault.

Seeds: `FaultPlan.from_seed(7)` always gives the same one to three scripts, on one charge.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace

from tests.midtrans.faults import Fault, FaultKind

DAY_S = 86_400.0

SCRIPTS: Mapping[str, tuple[Fault, ...]] = {
    # responses
    "charge_lost_before": (Fault(FaultKind.LOST_BEFORE, endpoint="charge"),),
    "charge_lost_after": (Fault(FaultKind.LOST_AFTER, endpoint="charge"),),
    "status_lost": (Fault(FaultKind.LOST_AFTER, endpoint="status", times=3),),
    "status_html": (Fault(FaultKind.HTML, endpoint="status", times=3),),
    "status_nothing": (Fault(FaultKind.NOTHING, endpoint="status", times=3),),
    "status_broken": (Fault(FaultKind.BROKEN, endpoint="status", times=3),),
    "unknown_fields": (
        Fault(FaultKind.UNKNOWN_FIELDS, endpoint="charge"),
        Fault(FaultKind.UNKNOWN_FIELDS, endpoint="status", times=9),
    ),
    "upper_case": (Fault(FaultKind.UPPER_CASE, times=9),),
    # webhooks
    "webhook_lost": (Fault(FaultKind.WEBHOOK_LOST, times=2),),
    "webhook_duplicate": (Fault(FaultKind.WEBHOOK_DUPLICATE, times=3, copies=5),),
    "webhook_out_of_order": (Fault(FaultKind.WEBHOOK_OUT_OF_ORDER),),
    "forged_signature": (Fault(FaultKind.FORGED_SIGNATURE),),
    "changed_status": (Fault(FaultKind.CHANGED_STATUS),),
    # money
    "late_settlement": (Fault(FaultKind.LATE_SETTLEMENT, seconds=600),),
    "reversal": (Fault(FaultKind.REVERSAL, seconds=180),),
    "chargeback": (Fault(FaultKind.REVERSAL, seconds=DAY_S, state="chargeback"),),
    "wrong_amount": (Fault(FaultKind.WRONG_AMOUNT, amount="9999.00"),),
    "fraction": (Fault(FaultKind.WRONG_AMOUNT, amount="9999.50"),),
    "nothing": (Fault(FaultKind.WRONG_AMOUNT, amount="0.00"),),
    "part_of_a_rupiah": (Fault(FaultKind.WRONG_AMOUNT, amount="0.50"),),
    "negative": (Fault(FaultKind.WRONG_AMOUNT, amount="-12000.00"),),
    "double_payment": (Fault(FaultKind.DOUBLE_PAYMENT),),
    # refunds
    "refund_lost_before": (Fault(FaultKind.LOST_BEFORE, endpoint="refund"),),
    "refund_lost_after": (Fault(FaultKind.LOST_AFTER, endpoint="refund"),),
    "refund_denied": (Fault(FaultKind.REFUND_DENIED),),
    "refund_414_no_funds": (Fault(FaultKind.REFUND_DENIED, status_code=414),),
    "refund_414_done_already": (
        Fault(FaultKind.LOST_AFTER, endpoint="refund"),
        Fault(FaultKind.REFUND_DENIED, status_code=414),
    ),
    "refund_unconfirmed": (Fault(FaultKind.REFUND_UNCONFIRMED),),
    "night_window": (Fault(FaultKind.NIGHT_WINDOW),),
}

MAGIC_AMOUNTS: Mapping[int, str] = {
    101: "charge_lost_after",
    102: "charge_lost_before",
    103: "status_lost",
    104: "status_html",
    105: "status_nothing",
    106: "status_broken",
    107: "unknown_fields",
    108: "upper_case",
    201: "webhook_lost",
    202: "webhook_duplicate",
    203: "webhook_out_of_order",
    204: "forged_signature",
    205: "changed_status",
    301: "late_settlement",
    302: "reversal",
    303: "chargeback",
    304: "wrong_amount",
    305: "fraction",
    306: "double_payment",
    307: "nothing",
    308: "part_of_a_rupiah",
    309: "negative",
    401: "refund_lost_before",
    402: "refund_lost_after",
    403: "refund_denied",
    404: "refund_414_no_funds",
    405: "refund_414_done_already",
    406: "refund_unconfirmed",
    407: "night_window",
}


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """The scripts that apply to one charge."""

    names: tuple[str, ...]

    @classmethod
    def from_seed(cls, seed: int) -> "FaultPlan":
        chance = random.Random(seed)
        return cls(tuple(chance.sample(sorted(SCRIPTS), chance.randint(1, 3))))

    @classmethod
    def from_amount(cls, amount_idr: int) -> "FaultPlan":
        """By the last three digits."""
        name = MAGIC_AMOUNTS.get(amount_idr % 1000)
        return cls(() if name is None else (name,))

    def faults(self, order_id: str | None = None) -> tuple[Fault, ...]:
        return tuple(
            replace(fault, order_id=order_id) for name in self.names for fault in SCRIPTS[name]
        )
