"""What the pages keep of a sign-in while its person is at the sign-in page: in a cookie, signed, so
that its time limit holds and nothing in it was chosen by anybody else.

Each sign-in has its own cookie, so that two tabs may sign in beside each other.
"""

import base64
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.sign_in.flow import PendingSignIn
from meterai.domain.signed_tokens import TokenKind, TokenSigner

SIGN_IN_LASTS = timedelta(minutes=10)
KEPT_FOR = timedelta(hours=1)  # so that those who took longer still come to their page
OWN_PAGE = "/saya"  # where people go who wanted nothing else
MAX_PATH = 400  # characters; no page of ours needs a quarter

_TEXT = r"([A-Za-z0-9_-]{2,600})"
_BEGUN = TokenKind(
    "sign-in of the pages", shown=rf"{_TEXT}\.{_TEXT}\.{_TEXT}\.{_TEXT}\.([0-9]{{10}})"
)
# Printable ASCII: a browser takes a backslash for a slash, and drops tabs and line ends.
_PATH = re.compile(rf"/(?!/)[!-\[\]-~]{{0,{MAX_PATH}}}")
_NOT_BACK_TO = re.compile(
    r"/(?:operator/)?(?:masuk|keluar)(?:[/?].*)?"
)  # from which nobody would come anywhere


@dataclass(frozen=True, slots=True)
class BegunSignIn:
    """`back_to` is the page that was wanted, also when it is too late for the sign-in itself."""

    pending: PendingSignIn
    back_to: str
    ends_at: datetime

    def pending_at(self, now: datetime) -> PendingSignIn | None:
        return self.pending if now < self.ends_at else None


def own_path(wanted: str | None, *, otherwise: str = OWN_PAGE) -> str:
    """`wanted`, if it is an address on this site where somebody gets anywhere. So nobody can make a
    link that signs people in here and shows them another site."""
    if wanted is None or not _PATH.fullmatch(wanted) or _NOT_BACK_TO.fullmatch(wanted):
        return otherwise
    return wanted


def begun_text(pending: PendingSignIn, back_to: str, now: datetime, signer: TokenSigner) -> str:
    """What the cookie holds."""
    ends_at = int((now + SIGN_IN_LASTS).timestamp())
    path = base64.urlsafe_b64encode(back_to.encode()).rstrip(b"=").decode()
    return _BEGUN.token(
        signer, pending.state, pending.nonce, pending.code_verifier, path, str(ends_at)
    )


def read_begun(text: str, signer: TokenSigner) -> BegunSignIn | None:
    """None where it was not begun here."""
    shown = _BEGUN.read(text, signer)
    if shown is None:
        return None
    state, nonce, code_verifier, path, ends = shown
    ends_at = datetime.fromtimestamp(int(ends), UTC)
    back_to = base64.urlsafe_b64decode(path + "=" * (-len(path) % 4)).decode()
    return BegunSignIn(PendingSignIn(state, nonce, code_verifier), back_to, ends_at)
