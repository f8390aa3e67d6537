"""Stamping queues, the applicants' and the urgent one: puts e-meterai on a document, signs it."""

from meterai.domain.clocks import MACHINES_DIFFER
from meterai.entry.queue import queue_handler
from meterai.entry.tallies import Tallies
from meterai.messages import StampDocument
from meterai.services import office
from meterai.steps.stamp import Stamping, stamp


def handle(body: str) -> None:
    message = StampDocument.model_validate_json(body)
    needs = Stamping(
        serials=office.serials,
        documents=office.documents,
        stamper=office.stamper,
        lanes=office.lanes,
        claim=office.claim,
        now=office.now,
    )
    stamp(message.serials, needs)


def prepare() -> None:
    _ = office.serials, office.documents, office.stamper, office.lanes


def come_back_early(receipt: str, queue_arn: str) -> None:
    """Once the claim of this try has lapsed: before, the message would be taken for done."""
    office.lanes.come_again(receipt, office.claim + MACHINES_DIFFER, office.lane_of(queue_arn))


tallies = Tallies(
    lambda: office.gauges,
    lambda record: office.lane_of(record["eventSourceARN"]),
    # As `StampDocument` writes it: how long bulk work waits tells nothing of applicants.
    measures=lambda record: '"bulk":true' not in record["body"],
)
# A batch's worth: of a stamp's 150 ms nearly all is waiting for DynamoDB, S3 and KMS.
handler = queue_handler(
    handle, tallies, at_once=10, prepare=prepare, come_back_early=come_back_early
)
