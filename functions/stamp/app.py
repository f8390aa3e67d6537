"""Stamping queue: puts e-meterai on a document and signs it."""

from meterai.entry.queue import queue_handler
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
    _ = office.serials, office.documents, office.stamper


# A batch's worth: of a stamp's 150 ms nearly all is waiting for DynamoDB, S3 and KMS.
handler = queue_handler(handle, at_once=10, prepare=prepare)
