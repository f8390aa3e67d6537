"""A table as a dict, and its indexes, which may lag behind it."""

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Generic, Protocol, TypeVar

K = TypeVar("K")
V = TypeVar("V")
E = TypeVar("E")
_K_contra = TypeVar("_K_contra", contravariant=True)
_V_contra = TypeVar("_V_contra", contravariant=True)


class LaggingIndex(Generic[K, V, E]):
    """A sparse index: item key -> entry, as its table was some time ago.

    `times` returns now, and the moment up to which changes have arrived. Later entries appear late;
    entries that the table no longer has disappear late.
    """

    def __init__(
        self,
        entry_of: Callable[[V], E | None],
        times: Callable[[], tuple[datetime, datetime]],
    ) -> None:
        self._entry_of = entry_of
        self._times = times
        self._coming: deque[tuple[datetime, K, E | None]] = deque()
        self._arrived: dict[K, E] = {}

    def record(self, key: K, item: V) -> None:
        now, _ = self._times()
        self._coming.append((now, key, self._entry_of(item)))
        self.entries()

    def entries(self) -> Mapping[K, E]:
        _, arrived_until = self._times()
        while self._coming and self._coming[0][0] <= arrived_until:
            _, key, entry = self._coming.popleft()
            if entry is None:
                self._arrived.pop(key, None)
            else:
                self._arrived[key] = entry
        return MappingProxyType(self._arrived)


class _Index(Protocol[_K_contra, _V_contra]):
    def record(self, key: _K_contra, item: _V_contra) -> None: ...


class Table(dict[K, V]):
    """Frozen items by their key: a change replaces an item, nothing is deleted."""

    def __init__(self, *indexes: _Index[K, V]) -> None:
        super().__init__()
        self._indexes = indexes

    def __setitem__(self, key: K, item: V) -> None:
        super().__setitem__(key, item)
        for index in self._indexes:
            index.record(key, item)
