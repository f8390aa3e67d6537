"""Who is signed in on the pages: a session in a cookie, and the tokens of its forms.

A session names whose it is, when they signed in and when it ends; an operator's has their name for
the audit trail, another's nothing personal. It is stored nowhere: it is a text that only this
system can have written (`signed_tokens.py`). So nobody can end one that was stolen, but all by
replacing the key (`rotate_token_key`); it ends by itself. A form's token belongs to one person, so
that no other site can send the form in their name.
"""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.signed_tokens import TokenKind, TokenSigner

_SHOWN = r"([A-Za-z0-9_-]{1,128})\.([A-Za-z0-9_-]{0,700})\.([0-9]{10})\.([0-9]{10})"
_FORM_SHOWN = r"([0-9]{10})"


@dataclass(frozen=True, slots=True)
class SessionKind:
    """Whose sessions. Each kind is signed for itself: none is valid as another, and neither are the
    tokens of its forms."""

    session: TokenKind
    form: TokenKind
    lasts: timedelta  # after the last page that renewed it
    renew_after: timedelta  # of use
    signed_in_for: timedelta  # however much it is used
    has_name: bool  # of who signed in, for the audit trail
    is_kept_by_waiting: bool  # a page that loads itself again renews it too


APPLICANTS = SessionKind(
    session=TokenKind("session of the pages", shown=_SHOWN),
    form=TokenKind("form of the pages", shown=_FORM_SHOWN),
    lasts=timedelta(hours=12),
    renew_after=timedelta(hours=1),  # so it ends 11 hours after the last page at least
    signed_in_for=timedelta(days=30),  # as long as an app's refresh token
    has_name=False,
    is_kept_by_waiting=True,
)
OPERATORS = SessionKind(
    session=TokenKind("session of an operator", shown=_SHOWN),
    form=TokenKind("form of an operator", shown=_FORM_SHOWN),
    lasts=timedelta(hours=1),
    renew_after=timedelta(minutes=5),
    signed_in_for=timedelta(hours=8),  # a shift
    has_name=True,
    is_kept_by_waiting=False,  # a page left open at night is nobody's use
)


@dataclass(frozen=True, slots=True)
class Session:
    """`subject`: an account, or an operator's id. `text` is what the cookie holds."""

    kind: SessionKind
    subject: str
    name: str
    signed_in_at: datetime
    ends_at: datetime
    text: str

    def is_due_for_renewal(self, now: datetime) -> bool:
        may_go_on = self.ends_at < self.signed_in_at + self.kind.signed_in_for
        return may_go_on and self.ends_at - now < self.kind.lasts - self.kind.renew_after


def new_session(
    kind: SessionKind, subject: str, now: datetime, signer: TokenSigner, *, name: str = ""
) -> Session:
    """Of somebody who has just signed in."""
    return _written(kind, subject, name, now, now + kind.lasts, signer)


def renewed_session(session: Session, now: datetime, signer: TokenSigner) -> Session:
    kind = session.kind
    ends_at = min(now + kind.lasts, session.signed_in_at + kind.signed_in_for)
    return _written(kind, session.subject, session.name, session.signed_in_at, ends_at, signer)


def read_session(
    kind: SessionKind, text: str, now: datetime, signer: TokenSigner
) -> Session | None:
    """None where it has ended, is of another kind, or was not written here."""
    shown = kind.session.read(text, signer)
    if shown is None:
        return None
    subject, name, signed_in_at, ends_at = shown[0], _name(shown[1]), *map(_time, shown[2:])
    session = Session(kind, subject, name, signed_in_at, ends_at, text)
    return session if now < ends_at else None


def form_token(kind: SessionKind, subject: str, now: datetime, signer: TokenSigner) -> str:
    """For the forms of one page. Valid in every session of the subject, so that a form which was
    open while the session was renewed, or while its owner signed in again, can still be sent."""
    return kind.form.token(signer, str(int(now.timestamp())), bound_to=(subject,))


def is_own_form(
    kind: SessionKind, token: str, subject: str, now: datetime, signer: TokenSigner
) -> bool:
    """A token shows when it was made, and ends with the longest session that it can be of: else
    one that was stolen would hold until the key is replaced."""
    shown = kind.form.read(token, signer, bound_to=(subject,))
    return shown is not None and now < _time(shown[0]) + kind.signed_in_for


def _written(
    kind: SessionKind,
    subject: str,
    name: str,
    signed_in_at: datetime,
    ends_at: datetime,
    signer: TokenSigner,
) -> Session:
    began, ends = (str(int(one.timestamp())) for one in (signed_in_at, ends_at))
    encoded = base64.urlsafe_b64encode(name.encode()).rstrip(b"=").decode()
    text = kind.session.token(signer, subject, encoded, began, ends)
    return Session(kind, subject, name, _time(began), _time(ends), text)


def _name(encoded: str) -> str:
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode()


def _time(text: str) -> datetime:
    return datetime.fromtimestamp(int(text), UTC)
