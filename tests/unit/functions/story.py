"""One order's life by the sample events: each moment is one of them, `events/<moment>.json`.

`before(memory_app, "stamp")` leaves the state as it is when `events/stamp.json` arrives. The
actions of buyers, gateways and clients between two samples are done here, with the in-memory ports.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from meterai.domain.id_derivation import OrderId, RefundId, charge_id
from meterai.domain.refunds.refund_transitions import needing_account
from meterai.domain.stamping.serials import Serial
from tests.fakes.ports import REFUND_PROMISE
from tests.unit.functions.function_app import Event, FunctionApp, sample

ACCOUNT = "9a4c2e8e-70b1-7019-8c53-1f6b2d7e4a10"
DOCUMENT = b"%PDF-1.7\n% surat pernyataan\n"
ORDER = OrderId(sample("read_order")["pathParameters"]["order_id"])
SERIAL = Serial(sample("read_serial")["pathParameters"]["serial"])
REFUND = RefundId(sample("read_refund")["pathParameters"]["refund_id"])
FOLLOW = str(sample("refund_status")["pathParameters"]["token"])
CHARGE = charge_id(ORDER, 1)

MOMENTS = (
    "create_upload",
    "purchase",
    "preflight",
    "preview",
    "read_order",
    "receive_webhook",
    "confirm_payment",
    "request_stamping",
    "stamp",
    "read_stamping",
    "read_serial",
    "verify",
    "request_refund",
    "execute_refund",
    "read_refund",
    "read_history",
    "read_history.stampings",
    "read_history.refunds",
    "sweep",
    "read_ledger",
    "create_claim_link",
    "claim_refund",
    "refund_status",
)


def before(memory_app: FunctionApp, moment: str) -> None:
    """Runs the story up to the arrival of this sample."""
    for name in MOMENTS[: MOMENTS.index(moment)]:
        memory_app.invoke(name.partition(".")[0], advance(memory_app, name))
    advance(memory_app, moment)


def advance(memory_app: FunctionApp, moment: str) -> Event:
    """From the previous moment to this one; returns the response to its event."""
    _BETWEEN.get(moment, _nothing)(memory_app)
    return sample(moment)


def _nothing(memory_app: FunctionApp) -> None:
    """Nothing else happens before most moments."""


def _the_client_uploads(memory_app: FunctionApp) -> None:
    memory_app.ports.documents.upload(ACCOUNT, DOCUMENT)


def _the_buyer_pays(memory_app: FunctionApp) -> None:
    memory_app.state.pass_time(timedelta(minutes=1))
    memory_app.ports.gateway.settle(CHARGE)


def _the_client_uploads_the_stamped_file(memory_app: FunctionApp) -> None:
    memory_app.ports.documents.upload(ACCOUNT, memory_app.state.stamped[SERIAL])


def _the_bank_takes_its_time(memory_app: FunctionApp) -> None:
    memory_app.state.pass_time(timedelta(minutes=14))


def _the_bank_denies_the_refund(memory_app: FunctionApp) -> None:
    refund = memory_app.state.refunds[REFUND]
    memory_app.state.refunds[REFUND] = needing_account(refund, memory_app.state.now, REFUND_PROMISE)


_BETWEEN: Mapping[str, Callable[[FunctionApp], None]] = {
    "purchase": _the_client_uploads,
    "receive_webhook": _the_buyer_pays,
    "verify": _the_client_uploads_the_stamped_file,
    "sweep": _the_bank_takes_its_time,
    "create_claim_link": _the_bank_denies_the_refund,
}
