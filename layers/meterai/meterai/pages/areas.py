"""The parts of the pages that people sign in to, each by itself: what opens one opens no other."""

from dataclasses import dataclass

from meterai.domain.sessions import APPLICANTS, OPERATORS, SessionKind


@dataclass(frozen=True, slots=True)
class Area:
    """`own`: below it a form needs a session, and there people go who wanted nothing else.

    The prefix of its cookies makes browsers refuse them from another host, without https, or for a
    part of the site:
    https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis, 4.1.3.2
    """

    sessions: SessionKind
    session_cookie: str
    begun_cookie: str  # and the beginning of the state: each tab has its own
    sign_in: str
    sign_out: str
    own: str
    first_page: str

    @property
    def is_operators(self) -> bool:
        return self.sessions is OPERATORS


OF_APPLICANTS = Area(
    sessions=APPLICANTS,
    session_cookie="__Host-sesi",
    begun_cookie="__Host-masuk-",
    sign_in="/masuk",
    sign_out="/keluar",
    own="/saya",
    first_page="/",
)
OF_OPERATORS = Area(
    sessions=OPERATORS,
    session_cookie="__Host-operator",
    begun_cookie="__Host-operator-masuk-",
    sign_in="/operator/masuk",
    sign_out="/operator/keluar",
    own="/operator",
    first_page="/operator",
)
