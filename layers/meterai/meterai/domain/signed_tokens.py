"""Texts that only this system can have written: tickets, and the tokens in links.

A token shows some values and a signature over them, and is stored nowhere. It may be bound to
further values, which it does not show: it is then valid only where those are known.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.token_keys import KEY_ID_CHARACTERS, TokenKey, signing_key

SIGNATURE = "((?:[A-Z2-7]{4})?[A-Z2-7]{26})"  # the key's id in front
NAMELESS_CHARACTERS = 26

NAMELESS_UNTIL = datetime(2027, 7, 1, tzinfo=UTC)
"""Before keys had names, the secret of the ids signed tokens too. Until then they are read."""


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """`held` answers the keys as last read; `renew` reads them again, at most so often as its maker
    allows: forged tokens must not become a flood of readings."""

    held: Callable[[], Sequence[TokenKey]]
    renew: Callable[[], None]
    clock: Callable[[], datetime]
    id_deriver: Callable[[], IdDeriver]
    """Asked for only where a token names no key."""

    def signature(self, purpose: str, *parts: str) -> str:
        return signing_key(self.held(), self.clock()).signature(purpose, *parts)

    def is_own(self, given: str, purpose: str, *parts: str) -> bool:
        return any(hmac.compare_digest(given, own) for own in self._own(given, purpose, parts))

    def _own(self, given: str, purpose: str, parts: tuple[str, ...]) -> Sequence[str]:
        """What this system would have signed with the key that is named."""
        if len(given) == NAMELESS_CHARACTERS:
            is_read = self.clock() < NAMELESS_UNTIL
            return [self.id_deriver().signature(purpose, *parts)] if is_read else []
        return [key.signature(purpose, *parts) for key in self._named(given[:KEY_ID_CHARACTERS])]

    def _named(self, key_id: str) -> Sequence[TokenKey]:
        named = [key for key in self.held() if key.key_id == key_id]
        if not named:
            self.renew()
        return named or [key for key in self.held() if key.key_id == key_id]


@dataclass(frozen=True, slots=True)
class TokenKind:
    """`shown` is a regular expression with one group for each value that the token shows. Each
    `purpose` has a key of its own, so that no token is valid for another purpose."""

    purpose: str
    shown: str
    separator: str = "."

    def token(self, signer: TokenSigner, *shown: str, bound_to: Sequence[str] = ()) -> str:
        """The same values are the same token, as long as the same key signs."""
        return self.separator.join((*shown, signer.signature(self.purpose, *bound_to, *shown)))

    def read(
        self, token: str, signer: TokenSigner, *, bound_to: Sequence[str] = ()
    ) -> tuple[str, ...] | None:
        """The values that it shows; None if it was not written here for this purpose."""
        parts = re.fullmatch(self.shown + re.escape(self.separator) + SIGNATURE, token)
        if parts is None:
            return None
        *shown, given = parts.groups()
        is_own = signer.is_own(given, self.purpose, *bound_to, *shown)
        return tuple(shown) if is_own else None
