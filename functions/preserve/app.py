"""Preservation queue: raises stamped files, by timestamps and by what proves their chains."""

from meterai.domain.flow import Lane
from meterai.entry.queue import queue_handler
from meterai.entry.tallies import Tallies
from meterai.messages import PreserveStamp
from meterai.services import office
from meterai.steps.preserve import Preserving, preserve


def handle(body: str) -> None:
    message = PreserveStamp.model_validate_json(body)
    needs = Preserving(
        serials=office.serials,
        documents=office.documents,
        preserver=office.preserver,
        now=office.now,
    )
    preserve(message.serial, needs)


tallies = Tallies(lambda: office.gauges, lambda _: Lane.PRESERVATION)
handler = queue_handler(handle, tallies)
