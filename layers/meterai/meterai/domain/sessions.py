"""Who is signed in on the pages: a session in a cookie, and the tokens of its forms.

A session names an account, when they signed in and when it ends, and nothing personal. It is stored
nowhere: it is a text that only this system can have written (`signed_tokens.py`). So nobody can end
one that was stolen, but all by replacing the key (`rotate_token_key`); it ends by itself. A form's
token belongs to one account, so that no other site can send the form in somebody's name.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.signed_tokens import TokenKind, TokenSigner

SESSION_LASTS = timedelta(hours=12)
RENEW_AFTER = timedelta(hours=1)  # of use; so a session ends 11 hours after its last page at least
SIGNED_IN_FOR = timedelta(days=30)  # however much it is used: as long as an app's refresh token

_SESSION = TokenKind(
    "session of the pages", shown=r"([A-Za-z0-9_-]{1,128})\.([0-9]{10})\.([0-9]{10})"
)
_FORM = TokenKind("form of the pages", shown=r"([0-9]{10})")


@dataclass(frozen=True, slots=True)
class Session:
    """`text` is what the cookie holds."""

    account: str
    signed_in_at: datetime
    ends_at: datetime
    text: str

    def is_due_for_renewal(self, now: datetime) -> bool:
        may_go_on = self.ends_at < self.signed_in_at + SIGNED_IN_FOR
        return may_go_on and self.ends_at - now < SESSION_LASTS - RENEW_AFTER


def new_session(account: str, now: datetime, signer: TokenSigner) -> Session:
    """Of somebody who has just signed in."""
    return _written(account, now, now + SESSION_LASTS, signer)


def renewed_session(session: Session, now: datetime, signer: TokenSigner) -> Session:
    ends_at = min(now + SESSION_LASTS, session.signed_in_at + SIGNED_IN_FOR)
    return _written(session.account, session.signed_in_at, ends_at, signer)


def read_session(text: str, now: datetime, signer: TokenSigner) -> Session | None:
    """None where it has ended, or was not written here."""
    shown = _SESSION.read(text, signer)
    if shown is None:
        return None
    account, signed_in_at, ends_at = shown[0], _time(shown[1]), _time(shown[2])
    return Session(account, signed_in_at, ends_at, text) if now < ends_at else None


def form_token(account: str, now: datetime, signer: TokenSigner) -> str:
    """For the forms of one page. Valid in every session of the account, so that a form which was
    open while the session was renewed, or while its owner signed in again, can still be sent."""
    return _FORM.token(signer, str(int(now.timestamp())), bound_to=(account,))


def is_own_form(token: str, account: str, now: datetime, signer: TokenSigner) -> bool:
    """A token shows when it was made, and ends with the longest session that it can be of: else
    one that was stolen would hold until the key is replaced."""
    shown = _FORM.read(token, signer, bound_to=(account,))
    return shown is not None and now < _time(shown[0]) + SIGNED_IN_FOR


def _written(
    account: str, signed_in_at: datetime, ends_at: datetime, signer: TokenSigner
) -> Session:
    began, ends = (str(int(one.timestamp())) for one in (signed_in_at, ends_at))
    text = _SESSION.token(signer, account, began, ends)
    return Session(account, _time(began), _time(ends), text)


def _time(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), UTC)
