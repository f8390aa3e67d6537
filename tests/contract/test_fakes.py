"""The hook of the in-memory world: raised before a call it prevents it, after it only hides it."""

import pytest

from tests.contract.backends import MemoryBackend
from tests.contract.factories import an_order
from tests.fakes.in_memory_state import Moment


class Crash(BaseException):
    """No `except Exception` swallows it."""


@pytest.mark.parametrize(("at", "happened"), [("before", False), ("after", True)])
def test_a_crash_beside_a_call(at: Moment, *, happened: bool) -> None:
    backend = MemoryBackend()
    calls: list[tuple[Moment, str]] = []

    def crash(moment: Moment, call: str) -> None:
        calls.append((moment, call))
        if moment == at:
            raise Crash

    backend.state.hook = crash
    with pytest.raises(Crash):
        backend.orders.put_new(an_order())
    told: list[tuple[Moment, str]] = [("before", "Orders.put_new"), ("after", "Orders.put_new")]
    assert calls == told[: 1 + happened]
    assert (an_order().order_id in backend.state.orders) is happened
