"""Makes moto's standard queues fair (`fair_queues.py`), or leaves them as they are.

moto itself delivers the oldest message first, of any tenant.
"""

from collections import Counter
from time import time
from typing import Any
from weakref import WeakKeyDictionary

from moto.sqs.models import Message, Queue, SQSBackend

from tests.local.fair_queues import FairQueue, QueuePosition

_moto_receive = SQSBackend.receive_message
_fair: WeakKeyDictionary[Queue, FairQueue] = WeakKeyDictionary()


def make_moto_fair(*, fair: bool) -> None:
    """For every queue in this process, from now on."""
    setattr(SQSBackend, "receive_message", _receive if fair else _moto_receive)  # noqa: B010 (typed)


def _receive(backend: SQSBackend, queue_name: str, *args: Any, **kwargs: Any) -> list[Message]:
    queue = backend.get_queue(queue_name)
    if queue.fifo_queue:
        return _moto_receive(backend, queue_name, *args, **kwargs)
    fair = _fair.setdefault(queue, FairQueue())
    queue._messages = fair.in_turn(map(_standing, queue._messages), time())
    received = _moto_receive(backend, queue_name, *args, **kwargs)
    fair.record_in_flight(Counter(_tenant(one) for one in queue._messages if _is_in_flight(one)))
    return received


def _standing(message: Message) -> QueuePosition[Message]:
    sent_at_ms: Any = message.sent_timestamp
    return QueuePosition(_tenant(message), sent_at_ms / 1_000, _is_in_flight(message), message)


def _tenant(message: Message) -> str:
    group: str | None = message.group_id
    return message.id if group is None else group


def _is_in_flight(message: Message) -> bool:
    return bool(message.approximate_receive_count) and not message.visible
