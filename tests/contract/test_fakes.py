"""The hook of the in-memory world: raised before a call it prevents it, after it only hides it."""

import pytest

from tests.contract.goods import an_order
from tests.contract.places import MemoryPlace
from tests.fakes.world import Moment


class Crash(BaseException):
    """No `except Exception` swallows it."""


@pytest.mark.parametrize(("at", "happened"), [("before", False), ("after", True)])
def test_a_crash_beside_a_call(at: Moment, *, happened: bool) -> None:
    place = MemoryPlace()
    calls: list[tuple[Moment, str]] = []

    def crash(moment: Moment, call: str) -> None:
        calls.append((moment, call))
        if moment == at:
            raise Crash

    place.world.hook = crash
    with pytest.raises(Crash):
        place.orders.put_new(an_order())
    told: list[tuple[Moment, str]] = [("before", "Orders.put_new"), ("after", "Orders.put_new")]
    assert calls == told[: 1 + happened]
    assert (an_order().order_id in place.world.orders) is happened
