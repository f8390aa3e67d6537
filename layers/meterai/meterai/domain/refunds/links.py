"""Links to a refund: one to follow it by, for whoever has it, and one to claim its money by.

A link is a signed text and is stored nowhere. A claim link names the attempt it was given for:
an account that is given makes a new attempt, and with it every link that was given before is used.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import ClaimLinkExpired, ClaimLinkInvalid, ClaimLinkUsed
from meterai.domain.id_derivation import IdDeriver, RefundId
from meterai.domain.refunds.refunds import Refund

CLAIM_LINK_LASTS = timedelta(days=14)

_CLAIM = re.compile(r"([1-9][0-9]{0,2})\.([0-9]{10})\.([A-Z2-7]{26})", re.ASCII)
_FOLLOW = re.compile(r"([A-Z2-7]{26})([A-Z2-7]{26})")


def claim_token(refund: Refund, expires_at: datetime, id_deriver: IdDeriver) -> str:
    """Opens the refund, in this attempt, until then, to its own account's login."""
    attempt, expires = str(refund.attempt), str(int(expires_at.timestamp()))
    return f"{attempt}.{expires}.{_claim_mark(refund, attempt, expires, id_deriver)}"


def check_claim_token(refund: Refund, token: str, now: datetime, id_deriver: IdDeriver) -> None:
    """Raises ClaimLinkInvalid, ClaimLinkExpired, ClaimLinkUsed."""
    parts = _CLAIM.fullmatch(token)
    if parts is None:
        raise ClaimLinkInvalid
    attempt, expires, mark = parts.groups()
    if not hmac.compare_digest(mark, _claim_mark(refund, attempt, expires, id_deriver)):
        raise ClaimLinkInvalid
    if int(attempt) != refund.attempt:
        raise ClaimLinkUsed
    expires_at = datetime.fromtimestamp(int(expires), UTC)
    if now >= expires_at:
        raise ClaimLinkExpired(expired_at=expires_at.isoformat())


def follow_token(refund_id: RefundId, id_deriver: IdDeriver) -> str:
    """Shows how far the refund is to whoever has it, for ever, and nothing about its owner."""
    name = refund_id.removeprefix("rfd_")
    return name + id_deriver.signature("follow a refund", name)


def followed_refund(token: str, id_deriver: IdDeriver) -> RefundId | None:
    """The refund a link was made for; None where the office did not make it."""
    parts = _FOLLOW.fullmatch(token)
    if parts is None:
        return None
    name, mark = parts.groups()
    ours = hmac.compare_digest(mark, id_deriver.signature("follow a refund", name))
    return RefundId(f"rfd_{name}") if ours else None


def _claim_mark(refund: Refund, attempt: str, expires: str, id_deriver: IdDeriver) -> str:
    return id_deriver.signature(
        "claim a refund", refund.refund_id, refund.account, attempt, expires
    )
