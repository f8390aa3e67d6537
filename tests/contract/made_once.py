"""A property that is made on first use and then kept."""

from functools import cached_property
from threading import RLock
from typing import TYPE_CHECKING, TypeVar

T = TypeVar("T")
_MAKING = RLock()


class made_once(cached_property[T]):  # noqa: N801 (a kind of property)
    """A cached property that several threads may access at once."""

    if not TYPE_CHECKING:  # the annotations are those of the wrapped function

        def __get__(self, instance, owner=None):
            with _MAKING:
                return super().__get__(instance, owner)
