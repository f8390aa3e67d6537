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
        claim=office.claim,
        now=office.now,
    )
    stamp(message.serials, needs)


handler = queue_handler(handle)
