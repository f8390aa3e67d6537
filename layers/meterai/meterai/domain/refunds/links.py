"""Links to a refund: a follow link shows its progress, a claim link lets its buyer name an account.

A claim link names the attempt that it was made for: naming an account starts a new attempt, so that
every link made before counts as used.
"""

from datetime import UTC, datetime, timedelta

from meterai.domain.errors import ClaimLinkExpired, ClaimLinkInvalid, ClaimLinkUsed
from meterai.domain.id_derivation import RefundId
from meterai.domain.refunds.refunds import Refund
from meterai.domain.signed_tokens import TokenKind, TokenSigner
from meterai.domain.times import utc_text

CLAIM_LINK_LASTS = timedelta(days=14)

_CLAIM = TokenKind("claim a refund", shown=r"([1-9][0-9]{0,2})\.([0-9]{10})")
_FOLLOW = TokenKind("follow a refund", shown="([A-Z2-7]{26})", separator="")


def claim_token(refund: Refund, expires_at: datetime, signer: TokenSigner) -> str:
    """Valid for this attempt, until then, for the login of the refund's own account."""
    attempt, expires = str(refund.attempt), str(int(expires_at.timestamp()))
    return _CLAIM.token(signer, attempt, expires, bound_to=_owner(refund))


def check_claim_token(refund: Refund, token: str, now: datetime, signer: TokenSigner) -> None:
    """Raises ClaimLinkInvalid, ClaimLinkExpired, ClaimLinkUsed."""
    shown = _CLAIM.read(token, signer, bound_to=_owner(refund))
    if shown is None:
        raise ClaimLinkInvalid
    attempt, expires = shown
    if int(attempt) != refund.attempt:
        raise ClaimLinkUsed
    expires_at = datetime.fromtimestamp(int(expires), UTC)
    if now >= expires_at:
        raise ClaimLinkExpired(expired_at=utc_text(expires_at))


def follow_token(refund_id: RefundId, signer: TokenSigner) -> str:
    """Shows the refund's progress to anybody who has it, for at least `MAX_TOKEN_AGE`, and nothing
    of its owner."""
    return _FOLLOW.token(signer, refund_id.removeprefix("rfd_"))


def followed_refund(token: str, signer: TokenSigner) -> RefundId | None:
    """The refund that a link was made for; None if it was not made here."""
    shown = _FOLLOW.read(token, signer)
    return None if shown is None else RefundId(f"rfd_{shown[0]}")


def _owner(refund: Refund) -> tuple[str, str]:
    return refund.refund_id, refund.account
