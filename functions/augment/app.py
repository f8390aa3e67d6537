"""Augmentation queue: adds timestamps and validation data to stamped files."""

from meterai.container import container
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import AugmentStamp
from meterai.steps.augment import augment


def handle(body: str) -> None:
    message = AugmentStamp.model_validate_json(body)
    augment(message.serial, container, container.now)


reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.AUGMENTATION)
handler = queue_handler(handle, reporter)
