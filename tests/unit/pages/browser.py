"""A browser without script in front of the functions for people, over the in-memory ports."""

import importlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from meterai.container import container
from meterai.domain.sessions import form_token, new_session
from meterai.pages.site import SESSION_COOKIE
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
    """`account` is signed in; None: nobody is, unless `cookies` have a session."""

    app: FunctionApp
    account: str | None = ACCOUNT
    language: str = "id"
    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Page:
        return self._ask("GET", address)

    def post(self, address: str, *, token: str | None = None, **fields: str) -> Page:
        """The form's own token, unless another is given."""
        return self._ask(
            "POST", address, {"token": self._token() if token is None else token, **fields}
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
        if self.account is None or SESSION_COOKIE in self.cookies:
            return self.cookies
        session = new_session(self.account, container.now, container.token_signer)
        return {**self.cookies, SESSION_COOKIE: session.text}

    def _token(self) -> str:
        return form_token(self.account or "", container.now, container.token_signer)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """On a new in-memory state."""
    # Imported first: the module's container is the one that is overridden.
    importlib.import_module("functions.pages.app")
    importlib.import_module("functions.check_pages.app")
    with open_app() as app:
        yield Browser(app)


def _function_of(path: str) -> str:
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
