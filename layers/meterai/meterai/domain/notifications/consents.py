"""Who wants notifications, and how they stop them.

A consent has no e-mail address: that stays with the identity provider alone, and is asked for when
a mail is sent. Deleting the consent is all that stopping takes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.signed_tokens import TokenKind, TokenSigner

CONSENT_LASTS = timedelta(days=400)  # from when it was last given

_STOP = TokenKind("stop notifications", shown="([A-Za-z0-9_-]{16,64})")


@dataclass(frozen=True, slots=True)
class Consent:
    """`language`: the tag of that of the page on which it was given."""

    language: str
    given_at: datetime

    def is_over(self, now: datetime) -> bool:
        return now >= self.given_at + CONSENT_LASTS


def stop_token(pseudonym: str, signer: TokenSigner) -> str:
    """Stops the e-mails to this account, without a sign-in; shows nothing of its owner. Valid for
    `MAX_TOKEN_AGE` at least."""
    return _STOP.token(signer, pseudonym)


def stopped_by(token: str, signer: TokenSigner) -> str | None:
    """The pseudonym that the token was made for; None if it was not made here."""
    shown = _STOP.read(token, signer)
    return None if shown is None else shown[0]
