"""The same world, in hands that look for trouble: what hypothesis finds, it makes short."""

from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.faults.actions import Acts
from tests.faults.harness import Town
from tests.faults.random_fault_plan import CALM, Weather
from tests.faults.random_scenario import BAG

T = TypeVar("T")


class Drawn:
    """Chance, in hypothesis' hands."""

    data: st.DataObject

    def choice(self, options: list[T]) -> T:
        return options[self.randrange(len(options))]

    def randrange(self, below: int) -> int:
        """The good end of a thousand is 0 here, so that what is short is calm."""
        drawn = self.data.draw(st.integers(0, below - 1))
        return CALM - 1 - drawn if below == CALM else drawn


class FunctionApp(RuleBasedStateMachine):
    @initialize(data=st.data(), badness=st.sampled_from([0, 20, 100]))
    def opens(self, data: st.DataObject, badness: int) -> None:
        self.drawn = Drawn()
        self.drawn.data = data
        self.acts = Acts(Town(Weather(self.drawn, badness)), self.drawn)
        self.acts.buy()

    @rule(data=st.data(), act=st.sampled_from(sorted(set(BAG))))
    def something_happens(self, data: st.DataObject, act: str) -> None:
        self.drawn.data = data
        getattr(self.acts, act)()
        assert self.acts.town.watch.findings == []

    def teardown(self) -> None:
        if hasattr(self, "acts"):
            assert self.acts.settle_down() == []


FunctionApp.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
TestStampOffice: Any = FunctionApp.TestCase
