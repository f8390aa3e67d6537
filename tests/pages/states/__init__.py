"""The states in which pages are shown: every one is judged, and is in the gallery.

To add one, write a function in the module of its subject that takes a visitor there:

    @state("order", "paid")
    def paid(visitor: Visitor) -> None:
        visitor.sign_in(visitor.world.owner)
        visitor.open(f"/saya/pesanan/{visitor.world.order['order_id']}")
"""

import importlib
import pkgutil
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.pages.visitor import Visitor

Walk = Callable[[Visitor], None]


@dataclass(frozen=True, slots=True)
class State:
    """`page` groups them in the gallery. The page shows no state of the moment in which it was
    asked for, so that it can be loaded again in English, unless `once`."""

    page: str
    name: str
    walk: Walk
    once: bool

    def __str__(self) -> str:
        return f"{self.page}, {self.name}"

    @property
    def slug(self) -> str:
        """In the names of files."""
        return "-".join(re.findall(r"\w+", str(self)))


_STATES: list[State] = []


def state(page: str, name: str, *, once: bool = False) -> Callable[[Walk], Walk]:
    def register(walk: Walk) -> Walk:
        _STATES.append(State(page, name, walk, once))
        return walk

    return register


def all_states() -> list[State]:
    """By page, in the order of the modules' names and of their lines."""
    for module in sorted(one.name for one in pkgutil.iter_modules(__path__)):
        importlib.import_module(f"{__name__}.{module}")
    names = [str(one) for one in _STATES]
    assert len(set(names)) == len(names), f"two states have one name: {sorted(names)}"
    return list(_STATES)
