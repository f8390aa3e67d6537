"""A browser without script in front of the functions for people, over the in-memory ports."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from meterai.container import container
from meterai.domain.operators import Operator
from meterai.domain.sessions import APPLICANTS, OPERATORS, form_token, new_session
from meterai.pages.areas import OF_APPLICANTS, OF_OPERATORS
from tests.applicant.cookies import keep_cookies
from tests.applicant.web_pages import words_of
from tests.unit.functions.function_app import FunctionApp, open_app, sample

ACCOUNT = "7d1c7a5e-2b2f-4a39-9f0e-6b1c5f0c9a11"


@dataclass(frozen=True)
class Page:
    status: int
    headers: Mapping[str, str]
    html: str
    cookies: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the main part says, in one line."""
        return words_of(self.html)

    @property
    def to(self) -> str:
        """Where a redirect leads."""
        assert self.status == 303, f"{self.status}: {self.text}"
        return self.headers["Location"]


@dataclass
class Browser:
    """`account` is signed in; None: nobody is, unless `cookies` have a session. So is `operator`,
    to the pages of operators."""

    app: FunctionApp
    account: str | None = ACCOUNT
    operator: Operator | None = None
    language: str = "id"
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Page:
        return self._ask("GET", address)

    def post(self, address: str, *, token: str | None = None, **fields: str) -> Page:
        """The form's own token, unless another is given."""
        return self._ask(
            "POST", address, {"token": self._token(address) if token is None else token, **fields}
        )

    def _ask(self, method: str, address: str, form: dict[str, str] | None = None) -> Page:
        parts = urlsplit(address)
        event = sample("pages")
        event["rawPath"], event["rawQueryString"] = parts.path, parts.query
        event["requestContext"]["http"] |= {"method": method, "path": parts.path}
        event["headers"] |= {"accept-language": self.language, **self.headers}
        event["cookies"] = [f"{name}={value}" for name, value in self._jar().items()]
        if parts.query:
            event["queryStringParameters"] = dict(parse_qsl(parts.query, keep_blank_values=True))
        if form is not None:
            event["headers"]["content-type"] = "application/x-www-form-urlencoded"
            event["body"] = urlencode(form)
        return _page(self.app.invoke(_function_of(parts.path), event))

    def keep_cookies(self, page: Page) -> None:
        """As a browser does with each answer."""
        keep_cookies(self.cookies, page.cookies)

    def _jar(self) -> dict[str, str]:
        now, signer = container.now, container.token_signer
        jar = dict[str, str]()
        if self.account is not None:
            session = new_session(APPLICANTS, self.account, now, signer)
            jar[OF_APPLICANTS.session_cookie] = session.text
        if self.operator is not None:
            subject, name = self.operator.operator_id, self.operator.name
            session = new_session(OPERATORS, subject, now, signer, name=name)
            jar[OF_OPERATORS.session_cookie] = session.text
        return {**jar, **self.cookies}

    def _token(self, address: str) -> str:
        now, signer = container.now, container.token_signer
        if self.operator is not None and address.startswith("/operator"):
            return form_token(OPERATORS, self.operator.operator_id, now, signer)
        return form_token(APPLICANTS, self.account or "", now, signer)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """On a new in-memory state."""
    # Imported first: the module's container is the one that is overridden.
    importlib.import_module("functions.pages.app")
    importlib.import_module("functions.check_pages.app")
    importlib.import_module("functions.operator_pages.app")
    with open_app() as app:
        yield Browser(app)


def _function_of(path: str) -> str:
    if path.startswith("/operator"):
        return "operator_pages"
    if path in ("/masuk", "/masuk/kembali", "/keluar"):
        return "sign_in"
    if path.startswith("/periksa/"):
        return "check_pages"
    return "read_receipt" if path.startswith("/saya/tanda-terima/") else "pages"


def _page(returned: dict[str, Any]) -> Page:
    return Page(
        returned["statusCode"],
        returned["headers"],
        returned["body"],
        tuple(returned.get("cookies", ())),
    )
