"""Rotate the keys of tickets and links: the next key is stored a day before it signs, and a key
goes when all that it signed is too old."""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.token_keys import TokenKey, replaced, rotated
from meterai.ports import TokenKeys

logger = logging.getLogger(__name__)


class RotateTokenKeyPorts(Protocol):
    @property
    def token_keys(self) -> TokenKeys: ...


def rotate_token_key(
    ports: RotateTokenKeyPorts, now: datetime, *, has_leaked: bool = False
) -> tuple[TokenKey, ...]:
    """The keys from now on. Repeatable, except where one has leaked: then all are replaced by one
    that signs at once, and no link or ticket that is out is valid any more."""
    # 1. What is stored, and not what is remembered: a key that was replaced must not come back.
    keys, make = ports.token_keys.stored(), ports.token_keys.new_secret
    # 2. What is due; mostly nothing is.
    wanted = replaced(now, make) if has_leaked else rotated(keys, now, make)
    # 3. One write: interrupted before it, the next run does the same; after it, it finds it done.
    if set(wanted) != set(keys):
        ports.token_keys.hold(wanted)
        key_ids = [key.key_id for key in wanted]
        logger.info("token keys rotated", extra={"key_ids": key_ids, "has_leaked": has_leaked})
    return wanted
