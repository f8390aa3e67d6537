"""How tests put other ports into the container."""

from datetime import UTC, datetime

import pytest

from meterai.container import Container
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.lanes import MemoryLanes
from tests.unit.functions.function_app import SETTINGS


def test_an_override_is_used_by_everything_that_depends_on_it() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    container = Container(clock=lambda: at, settings=SETTINGS)
    assert container.now == at
    assert container.portals == ("sscasn",)


def test_nested_overrides_add_up_and_are_undone_afterwards() -> None:
    container = Container(settings=SETTINGS)
    limiter = container.poll_limiter
    lanes = MemoryLanes(InMemoryState())
    with container.overriding(lanes=lanes):
        assert container.lanes is lanes
        with container.overriding(read_snapshot=lambda: None):
            assert (container.lanes, container.snapshot) == (lanes, None)
            assert container.settings is SETTINGS
            assert container.poll_limiter is not limiter, "made anew"
    assert container.poll_limiter is limiter
    assert "lanes" not in vars(container)


@pytest.mark.parametrize("name", ["snapshot", "claim_duration", "no_port"])
def test_a_value_computed_at_each_use_cannot_be_overridden(name: str) -> None:
    with pytest.raises(TypeError, match=name):
        Container(**{name: None})
    with pytest.raises(TypeError, match=name), Container().overriding(**{name: None}):
        pass
