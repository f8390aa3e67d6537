"""The fakes' hook: an exception raised before a call prevents it; after it, it only hides the
result."""

import pytest

from tests.contract.backends import MemoryBackend
from tests.contract.factories import an_order
from tests.fakes.in_memory_state import Moment


class Crash(BaseException):
    """Not caught by any `except Exception`."""


@pytest.mark.parametrize(("at", "happened"), [("before", False), ("after", True)])
def test_a_crash_before_a_call_prevents_it_and_after_it_hides_the_result(
    at: Moment, *, happened: bool
) -> None:
    backend = MemoryBackend()
    calls: list[tuple[Moment, str]] = []

    def crash(moment: Moment, call: str) -> None:
        calls.append((moment, call))
        if moment == at:
            raise Crash

    backend.state.hook = crash
    with pytest.raises(Crash):
        backend.orders.put_new(an_order())
    expected: list[tuple[Moment, str]] = [("before", "Orders.put_new"), ("after", "Orders.put_new")]
    assert calls == expected[: 1 + happened]
    assert (an_order().order_id in backend.state.orders) is happened
