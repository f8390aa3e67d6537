"""Preservation queue: raises stamped files, by timestamps and by what proves their chains."""

from meterai.container import container
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import AugmentStamp
from meterai.steps.augment import AugmentPorts, augment


def handle(body: str) -> None:
    message = AugmentStamp.model_validate_json(body)
    ports = AugmentPorts(
        serials=container.serials,
        documents=container.documents,
        augmenter=container.augmenter,
        now=container.now,
    )
    augment(message.serial, ports)


reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.AUGMENTATION)
handler = queue_handler(handle, reporter)
