"""Texts that only this system can have written: tickets, and the tokens in links.

A token shows some values and a signature over them, and is stored nowhere. It may be bound to
further values, which it does not show: it is then valid only where those are known.
"""

import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.token_keys import KEY_ID_CHARACTERS, TokenKey, signing_key

SIGNATURE = "([A-Z2-7]{30})"  # the key's id in front


@dataclass(frozen=True, slots=True)
class TokenSigner:
    """`held` answers the keys as last read; `renew` reads them again, at most so often as its maker
    allows: forged tokens must not become a flood of readings."""

    held: Callable[[], Sequence[TokenKey]]
    renew: Callable[[], None]
    clock: Callable[[], datetime]

    def signature(self, purpose: str, *parts: str) -> str:
        return signing_key(self.held(), self.clock()).signature(purpose, *parts)

    def is_own(self, given: str, purpose: str, *parts: str) -> bool:
        named = self._named(given[:KEY_ID_CHARACTERS])
        return any(hmac.compare_digest(given, key.signature(purpose, *parts)) for key in named)

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
