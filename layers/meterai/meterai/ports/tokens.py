"""The keys that sign tokens."""

from collections.abc import Sequence
from typing import Protocol

from meterai.domain.token_keys import TokenKey


class TokenKeys(Protocol):
    def held(self) -> Sequence[TokenKey]:
        """As they were minutes ago at most."""
        ...

    def renew(self) -> None:
        """`held` answers what is stored now, unless it was asked for seconds ago."""

    def stored(self) -> Sequence[TokenKey]:
        """As they are now."""
        ...

    def hold(self, keys: Sequence[TokenKey]) -> None:
        """In place of those that are stored, in one write."""

    def new_secret(self) -> bytes:
        """Never the same twice."""
        ...
