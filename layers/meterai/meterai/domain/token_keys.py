"""The keys that sign tickets and the tokens in links. They take turns, so that a key which got out
is worth little, and not for long.

A key is known everywhere for `KNOWN_BEFORE` before it signs: instances remember keys for minutes.
It signs for `SIGNS_FOR`, and is kept until the last token that it signed is too old.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.keyed_hash import keyed_text, signature

SIGNS_FOR = timedelta(days=90)
KNOWN_BEFORE = timedelta(days=1)
MAX_TOKEN_AGE = timedelta(days=90)
"""What a link to follow a refund lasts at least; a claim link lasts 14 days, a ticket 2."""

KEY_ID_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class TokenKey:
    signs_from: datetime
    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """Tells which key to try. It may happen to be another key's too."""
        return keyed_text(self.secret, ("key id",))[:KEY_ID_CHARACTERS]

    def signature(self, purpose: str, *parts: str) -> str:
        """With the key's id in front: 30 characters."""
        return self.key_id + signature(self.secret, purpose, parts)


def signing_key(keys: Sequence[TokenKey], now: datetime) -> TokenKey:
    """The newest whose time has come."""
    return max(
        (key for key in keys if key.signs_from <= now),
        key=lambda key: key.signs_from,
        default=min(keys, key=lambda key: key.signs_from),
    )


def rotated(
    keys: Sequence[TokenKey], now: datetime, new_secret: Callable[[], bytes]
) -> tuple[TokenKey, ...]:
    """What is held from now on: the same, where nothing is due. At most three keys."""
    in_turn = sorted(keys, key=lambda key: key.signs_from)
    ends = [following.signs_from for following in in_turn[1:]]
    too_old = sum(end + MAX_TOKEN_AGE <= now for end in ends)
    kept = tuple(in_turn[too_old:])
    if kept[-1].signs_from + SIGNS_FOR > now + KNOWN_BEFORE:
        return kept
    return (*kept, TokenKey(now + KNOWN_BEFORE, new_secret()))


def replaced(now: datetime, new_secret: Callable[[], bytes]) -> tuple[TokenKey, ...]:
    """After a leak: one key that signs at once. No token that was made before is valid."""
    return (TokenKey(now, new_secret()),)
