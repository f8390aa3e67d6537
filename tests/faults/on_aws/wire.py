"""Accidents on the wire: before a request is executed, or after, when its answer is on its way.

moto sits on the bare `before-send` event, and what is hooked on a longer name runs before it: so
both sides are hooked on the bare one, first and last. A connection that is lost once is botocore's
to mend: what was executed and not answered it asks for again.
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
def watched(clients: Clients, hook: Hook) -> Iterator[None]:
    """The hook is told of "dynamodb.PutItem" and such, before and after."""

    def tell(moment: Moment, event_name: str) -> None:
        try:
            hook(moment, event_name.partition(".")[2])
        except Unavailable as lost:
            raise ConnectionClosedError(endpoint_url=event_name) from lost

    def before(event_name: str, **_: Any) -> None:
        tell("before", event_name)

    def after(event_name: str, **_: Any) -> None:
        tell("after", event_name)

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
