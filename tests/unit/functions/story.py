"""One order's life, told by the samples: each `events/<function>.json` is one of its moments.

`before(office, "stamp")` leaves the office as it is when `events/stamp.json` arrives. What buyers,
gateways and clients do between two samples is done here on the neighbours' side of the ports.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta

from meterai.domain.identity import OrderId, RefundId, charge_id
from meterai.domain.refund_changes import needing_account
from meterai.domain.serials import Serial
from tests.unit.functions.stamp_office import Event, StampOffice, sample

ACCOUNT = "9a4c2e8e-70b1-7019-8c53-1f6b2d7e4a10"
DOCUMENT = b"%PDF-1.7\n% surat pernyataan\n"
ORDER = OrderId(sample("read_order")["pathParameters"]["order_id"])
SERIAL = Serial(sample("read_serial")["pathParameters"]["serial"])
REFUND = RefundId(sample("read_refund")["pathParameters"]["refund_id"])
FOLLOW = str(sample("follow_refund")["pathParameters"]["token"])
CHARGE = charge_id(ORDER, 1)

MOMENTS = (
    "offer_upload",
    "purchase",
    "preflight",
    "preview",
    "read_order",
    "receive_notice",
    "confirm_payment",
    "request_stamping",
    "stamp",
    "read_stamping",
    "read_serial",
    "verify",
    "request_refund",
    "execute_refund",
    "read_refund",
    "sweep",
    "read_books",
    "offer_claim",
    "claim_refund",
    "follow_refund",
)


def before(office: StampOffice, moment: str) -> None:
    """Tells the story up to the arrival of this sample."""
    for name in MOMENTS[: MOMENTS.index(moment)]:
        office.invoke(name, advance(office, name))
    advance(office, moment)


def advance(office: StampOffice, moment: str) -> Event:
    """From the moment before to this one, which is the event that is answered."""
    _BETWEEN.get(moment, _nothing)(office)
    return sample(moment)


def _nothing(office: StampOffice) -> None:
    """Of most moments: nobody else does anything before."""


def _the_client_uploads(office: StampOffice) -> None:
    office.ports.documents.upload(ACCOUNT, DOCUMENT)


def _the_buyer_pays(office: StampOffice) -> None:
    office.world.pass_time(timedelta(minutes=1))
    office.ports.gateway.settle(CHARGE)


def _the_client_uploads_the_stamped_file(office: StampOffice) -> None:
    office.ports.documents.upload(ACCOUNT, office.world.stamped[SERIAL])


def _the_bank_takes_its_time(office: StampOffice) -> None:
    office.world.pass_time(timedelta(minutes=14))


def _the_bank_denies_the_refund(office: StampOffice) -> None:
    refund = office.world.refunds[REFUND]
    office.world.refunds[REFUND] = needing_account(refund, office.world.now)


_BETWEEN: Mapping[str, Callable[[StampOffice], None]] = {
    "purchase": _the_client_uploads,
    "receive_notice": _the_buyer_pays,
    "verify": _the_client_uploads_the_stamped_file,
    "sweep": _the_bank_takes_its_time,
    "offer_claim": _the_bank_denies_the_refund,
}
