"""Who is signed in on the pages: a session in a cookie, and the tokens of its forms.

A session names an account and when it ends, and nothing personal. It is stored nowhere: it is a
text that only this system can have written (`signed_tokens.py`). A form's token belongs to one
session, so that no other site can send the form in somebody's name.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.signed_tokens import TokenKind, TokenSigner

SESSION_LASTS = timedelta(hours=12)
RENEW_AFTER = timedelta(hours=1)  # of use; so a session ends 11 hours after its last page at least

_SESSION = TokenKind("session of the pages", shown=r"([A-Za-z0-9_-]{1,128})\.([0-9]{10})")
_FORM = TokenKind("form of the pages", shown=r"([0-9]{10})")


@dataclass(frozen=True, slots=True)
class Session:
    """`text` is what the cookie holds."""

    account: str
    ends_at: datetime
    text: str

    def is_due_for_renewal(self, now: datetime) -> bool:
        return self.ends_at - now < SESSION_LASTS - RENEW_AFTER


def new_session(account: str, now: datetime, signer: TokenSigner) -> Session:
    ends_at = datetime.fromtimestamp(int((now + SESSION_LASTS).timestamp()), UTC)
    text = _SESSION.token(signer, account, str(int(ends_at.timestamp())))
    return Session(account, ends_at, text)


def read_session(text: str, now: datetime, signer: TokenSigner) -> Session | None:
    """None where it has ended, or was not written here."""
    shown = _SESSION.read(text, signer)
    if shown is None:
        return None
    ends_at = datetime.fromtimestamp(int(shown[1]), UTC)
    return Session(shown[0], ends_at, text) if now < ends_at else None


def form_token(account: str, now: datetime, signer: TokenSigner) -> str:
    """For the forms of one page. Valid in every session of the account, so that a form which was
    open while the session was renewed, or while its owner signed in again, can still be sent."""
    return _FORM.token(signer, str(int(now.timestamp())), bound_to=(account,))


def is_own_form(token: str, account: str, signer: TokenSigner) -> bool:
    return _FORM.read(token, signer, bound_to=(account,)) is not None
