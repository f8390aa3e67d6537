"""One request to the pages, as a view sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from meterai.container import Container
from meterai.domain.operators import Operator
from meterai.domain.sessions import APPLICANTS, OPERATORS, Session, form_token
from meterai.languages import Language
from meterai.pages.areas import OF_APPLICANTS, Area

LANGUAGE = "bahasa"  # in a query, and in a cookie


class SignInNeeded(Exception):
    """The page is somebody's own. They return to it after they sign in."""


class FormTokenWrong(Exception):
    """The form was not made here for this account, or is too old."""


@dataclass(frozen=True, slots=True)
class Visit:
    """`form` holds the fields that were sent; of a name that came twice, the last. `path` is the
    page's own, for links back to it, and is on this site. `cookies` are for signing in alone."""

    path: str
    language: Language
    now: datetime
    ports: Container
    area: Area = OF_APPLICANTS
    session: Session | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)

    @property
    def address(self) -> str:
        """Of this page, with its query: to come back to it."""
        return self._with({name: one for name, one in self.query.items() if name != LANGUAGE})

    def in_language(self, language: str) -> str:
        """This page's address, which then stays in that language."""
        return self._with({**self.query, LANGUAGE: language})

    def _with(self, query: Mapping[str, str]) -> str:
        return f"{self.path}?{urlencode(query)}" if query else self.path

    @property
    def account(self) -> str:
        """Raises SignInNeeded."""
        if self.session is None or self.session.kind is not APPLICANTS:
            raise SignInNeeded
        return self.session.subject

    @property
    def operator(self) -> Operator:
        """Raises SignInNeeded."""
        if self.session is None or self.session.kind is not OPERATORS:
            raise SignInNeeded
        return Operator(self.session.subject, self.session.name)

    @property
    def form_token(self) -> str:
        """For a hidden field `token` of each form. Empty where nobody is signed in."""
        if self.session is None:
            return ""
        session = self.session
        return form_token(session.kind, session.subject, self.now, self.ports.token_signer)
