"""A property that is made when it is first used, and then kept."""

from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

T = TypeVar("T")
_MAKING = RLock()


class made_once(cached_property[T]):  # noqa: N801 (a kind of property)
    """A cached property that threads may race for."""

    if not TYPE_CHECKING:  # its types are those of what it is

        def __get__(self, instance, owner=None):
            with _MAKING:
                return super().__get__(instance, owner)
