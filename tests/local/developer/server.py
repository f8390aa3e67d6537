"""The developer's server: its page, the forms of that page, the logs, the mails; beside them the
API's description.

Another site can neither read it nor press its buttons. A request names this machine as its host,
which that of a page whose name was made to lead here (DNS rebinding) does not. A form comes from
this server's own page, and has its token.
"""

import hmac
import secrets
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from jinja2 import Environment as Templates
from jinja2 import FileSystemLoader, StrictUndefined
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from meterai.pages.areas import OF_APPLICANTS
from meterai.pages.static_files import STATIC, static_file
from tests.local.developer.figures import FiguresReader
from tests.local.developer.journal import Journal
from tests.local.developer.page import page_values
from tests.local.developer.seeding import seed
from tests.local.developer.switches import Switches, WrongFormError
from tests.local.docs_page import DocsPage
from tests.local.environment import Environment
from tests.local.http_answers import message
from tests.local.issuer.authorization import NEXT_PERSON
from tests.local.issuer.login_page import PEOPLE

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

HERE: Final = Path(__file__).parent
_HOSTS = {"127.0.0.1", "localhost"}
_FILES = {
    "developer.css": "text/css; charset=utf-8",
    "developer.js": "text/javascript; charset=utf-8",
}
_NEXT_S = 60  # to be signed in as the chosen person
_MAX_MAILS = 50
_LOG_BYTES = 200_000  # of a log, its end is shown
_HTML = "text/html; charset=utf-8"


class DeveloperServer:
    """A WSGI application."""

    def __init__(self, place: Environment, docs: DocsPage) -> None:
        self._place = place
        self._docs = docs
        self._token = secrets.token_urlsafe()
        self._journal = Journal()
        self._figures = FiguresReader(place)
        self._switches = Switches(place, self._journal)
        templates = Templates(
            autoescape=True,
            loader=FileSystemLoader(HERE / "templates"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._page = templates.get_template("page.html")
        self._list = templates.get_template("logs.html")
        self._mails = templates.get_template("mails.html")

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        if urlsplit(f"//{request.host}").hostname not in _HOSTS:
            return message(403, "This page is for this machine alone")(environ, start_response)
        response = self._answer(request)
        if response is None:
            return self._docs(environ, start_response)
        response.headers["Cache-Control"] = "no-store"
        response.headers.setdefault("Content-Security-Policy", self._policy)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response(environ, start_response)

    def seed_in_background(self) -> None:
        """The account opens at once; what is in it comes within seconds."""
        threading.Thread(target=self._seed, name="seed", daemon=True).start()

    @property
    def _policy(self) -> str:
        account = self._place.account  # where the answer to a form leads: signing in
        return (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
            "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            f"form-action 'self' {account.api_url} {account.issuer_url}"
        )

    def _answer(self, request: Request) -> Response | None:
        """None: it is for the description's server."""
        path = request.path
        if request.method == "POST":
            return self._pressed(request)
        if path == "/":
            return Response(self._shown(), content_type=_HTML)
        if path == "/mails":
            newest = list(enumerate(self._place.account.mailbox.mails))[: -_MAX_MAILS - 1 : -1]
            return Response(self._mails.render(mails=newest), content_type=_HTML)
        if path.startswith("/mails/"):
            return self._mail(path.removeprefix("/mails/"))
        if path in {"/logs", "/logs/"}:
            return Response(self._list.render(logs=self._logs()), content_type=_HTML)
        if path.startswith("/logs/"):
            return self._log(path.removeprefix("/logs/"))
        if path.startswith("/statis/"):
            return self._file(path.removeprefix("/statis/"))
        return None

    def _shown(self) -> str:
        values = page_values(self._place, self._figures.figures(), self._switches.schedules())
        return self._page.render(token=self._token, entries=self._journal.entries(), **values)

    def _pressed(self, request: Request) -> Response:
        if not self._is_own_form(request):
            return message(403, "This form is not from this page, or the page is an old one")
        name = request.path.removeprefix("/do/")
        if name == "sign-in":
            return self._sign_in(request.form.get("person", ""))
        action = self._switches.named.get(name)
        if action is None:
            return message(404, "Not Found")
        try:
            action(request.form)
        except WrongFormError as wrong:
            return message(400, str(wrong))
        self._figures.figures(anew=True)
        return redirect("/#said", 303)

    def _is_own_form(self, request: Request) -> bool:
        """Browsers send `Origin` with each form; a program of this machine need not."""
        origin = request.headers.get("Origin", request.host_url.rstrip("/"))
        token = request.form.get("token", "")
        return origin == request.host_url.rstrip("/") and hmac.compare_digest(
            token.encode(), self._token.encode()
        )

    def _sign_in(self, person: str) -> Response:
        """The person who was signed in before no longer is, and the issuer asks nothing: cookies of
        a host go to all its ports."""
        if person not in {each.email for each in PEOPLE}:
            return message(400, "nobody is called so")
        response = redirect(f"{self._place.account.api_url}/masuk?ke=/saya", 303)
        response.set_cookie(
            NEXT_PERSON, person, max_age=_NEXT_S, path="/", httponly=True, samesite="Lax"
        )
        response.delete_cookie(
            OF_APPLICANTS.session_cookie, path="/", secure=True, httponly=True, samesite="Lax"
        )
        return response

    def _mail(self, number: str) -> Response:
        """Its HTML alone, as a mail program shows it: nothing runs, and nothing is loaded."""
        mails = self._place.account.mailbox.mails
        if not number.isdecimal() or int(number) >= len(mails):
            return message(404, "Not Found")
        policy = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
        headers = {"Content-Security-Policy": policy}
        return Response(mails[int(number)].html, headers=headers, content_type=_HTML)

    def _logs(self) -> list[tuple[str, int]]:
        return sorted((one.name, one.stat().st_size) for one in self._place.account.logs.iterdir())

    def _log(self, name: str) -> Response:
        if name not in {known for known, _ in self._logs()}:
            return message(404, "Not Found")
        with (self._place.account.logs / name).open("rb") as log:
            log.seek(max(0, log.seek(0, 2) - _LOG_BYTES))
            return Response(log.read(), content_type="text/plain; charset=utf-8")

    def _file(self, name: str) -> Response | None:
        """The applicant's pages' style and icon; and this page's own."""
        if name in _FILES:
            return Response((HERE / "static" / name).read_bytes(), content_type=_FILES[name])
        known = {path.name for path in STATIC.iterdir()}
        stem, _, suffix = name.rpartition(".")
        found = static_file(f"{stem}-{'0' * 12}.{suffix}") if name in known else None
        return Response(found.content, content_type=found.media_type) if found else None

    def _seed(self) -> None:
        try:
            seed(self._place)
        except Exception as trouble:  # noqa: BLE001 - whatever it was, the account goes on
            text = f"{type(trouble).__name__}: {trouble}"
            self._journal.add(f"Not all of the first data was made: {text}", went_wrong=True)
            return
        self._journal.add(
            "Sri has a stamped letter, Siti a refund that waits for a bank account, and Budi an "
            "order to pay.",
            "Sign in as one of them.",
        )
