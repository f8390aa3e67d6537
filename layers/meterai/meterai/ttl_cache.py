"""One value that is kept in memory and read again after a time."""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from meterai.domain.errors import Unavailable

ValueT = TypeVar("ValueT")


class TtlCache(Generic[ValueT]):
    """Reads on the first `get`, and again once the value is `ttl_s` old; `ttl_s` may depend on the
    value. With `keep_if_unavailable` the old value serves on when it cannot be read again."""

    def __init__(
        self,
        read: Callable[[], ValueT],
        ttl_s: float | Callable[[ValueT], float],
        *,
        min_renew_s: float = 0.0,
        keep_if_unavailable: bool = False,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._ttl_s = ttl_s if callable(ttl_s) else lambda _: ttl_s
        self._min_renew_s = min_renew_s
        self._keep_if_unavailable = keep_if_unavailable
        self._timer = timer
        self._kept: tuple[ValueT, float] | None = None  # and when it was read
        self._tried_at: float | None = None

    def get(self) -> ValueT:
        """Raises what reading raises."""
        if self._kept is None:
            return self._renewed()
        value, read_at = self._kept
        if self._timer() - read_at < self._ttl_s(value):
            return value
        try:
            return self._renewed()
        except Unavailable:
            if not self._keep_if_unavailable:
                raise
            self._kept = (value, self._timer())
            return value

    def renew(self) -> None:
        """Reads again now, except within `min_renew_s` of the last try to read. Raises what reading
        raises, and keeps the old value then."""
        if self._tried_at is None or self._timer() - self._tried_at >= self._min_renew_s:
            self._renewed()

    def forget(self) -> None:
        """The next `get` reads."""
        self._kept = None

    def _renewed(self) -> ValueT:
        self._tried_at = self._timer()
        value = self._read()
        self._kept = (value, self._timer())
        return value
