"""Texts that only this system can have written: tickets, and the tokens in links.

A token shows some values and a signature over them, and is stored nowhere. It may be bound to
further values, which it does not show: it is then valid only where those are known.
"""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

from meterai.domain.id_derivation import IdDeriver

SIGNATURE = "([A-Z2-7]{26})"


@dataclass(frozen=True, slots=True)
class TokenKind:
    """`shown` is a regular expression with one group for each value that the token shows. Each
    `purpose` has a key of its own, so that no token is valid for another purpose."""

    purpose: str
    shown: str
    separator: str = "."

    def token(self, id_deriver: IdDeriver, *shown: str, bound_to: Sequence[str] = ()) -> str:
        """The same values are the same token."""
        signature = id_deriver.signature(self.purpose, *bound_to, *shown)
        return self.separator.join((*shown, signature))

    def read(
        self, token: str, id_deriver: IdDeriver, *, bound_to: Sequence[str] = ()
    ) -> tuple[str, ...] | None:
        """The values that it shows; None if it was not written here for this purpose."""
        pattern = self.shown + re.escape(self.separator) + SIGNATURE
        parts = re.fullmatch(pattern, token)
        if parts is None:
            return None
        *shown, signature = parts.groups()
        own = id_deriver.signature(self.purpose, *bound_to, *shown)
        return tuple(shown) if hmac.compare_digest(signature, own) else None
