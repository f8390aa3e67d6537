"""Faults on the wire: before a request is executed, or after it, when the response is lost.

moto handles the bare `before-send` event, and a handler of a longer name runs before it. So both
hooks are registered on the bare name, first and last. botocore itself repeats a request whose
connection was lost, even one that was executed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from botocore.exceptions import ConnectionClosedError

from meterai.domain.errors import Unavailable
from tests.contract.backends import Clients
from tests.fakes.in_memory_state import Hook, Moment


@contextmanager
def faults_on_the_wire(clients: Clients, hook: Hook) -> Iterator[None]:
    """Calls the hook with "dynamodb.PutItem" and the like, before and after each request."""

    def call_hook(moment: Moment, event_name: str) -> None:
        try:
            hook(moment, event_name.partition(".")[2])
        except Unavailable as lost:
            raise ConnectionClosedError(endpoint_url=event_name) from lost

    def before(event_name: str, **_: Any) -> None:
        call_hook("before", event_name)

    def after(event_name: str, **_: Any) -> None:
        call_hook("after", event_name)

    events = [client.meta.events for client in (clients.dynamodb, clients.s3, clients.sqs)]
    for each in events:
        each.register_first("before-send", before)
        each.register_last("before-send", after)
    try:
        with patch("botocore.endpoint.time.sleep"):
            yield
    finally:
        for each in events:
            each.unregister("before-send", before)
            each.unregister("before-send", after)
