"""The pages that a person sees: whom to sign in as, by one press, and what went wrong."""

import html
from pathlib import Path
from string import Template
from typing import Any, Final, Literal, NamedTuple
from urllib.parse import urlencode

from werkzeug.wrappers import Request, Response

Language = Literal["en", "id"]

_LAYOUT = Template(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))
_COOKIE = "lang"


class Person(NamedTuple):
    """Somebody to sign in as. Nobody is registered: any other address does as well."""

    name: str
    email: str  # or the user name, in a pool without addresses


PEOPLE: Final = (
    Person("Sri Wahyuni", "sri@pelamar.example"),
    Person("Budi Santoso", "budi@pelamar.example"),
    Person("Siti Aminah", "siti@pelamar.example"),
    Person("Yohanes Wenda", "yohanes@pelamar.example"),
)
OPERATORS: Final = (
    Person("Sri Wahyuni", "sri.wahyuni"),
    Person("Agus Pratama", "agus.pratama"),
)
_TEXTS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Sign in",
        "lead": "As whom do you want to sign in to Meterai?",
        "note": "A page for trials on this machine, without passwords. On AWS, Cognito's sign-in "
        "page is shown instead.",
        "other": "Another e-mail address",
        "other_name": "Another user name",
        "go": "Sign in",
        "wrong": "This app cannot sign you in",
        "help": "It, or its registration, is wrong. Tell its maker:",
        "switch": "Bahasa Indonesia",
    },
    "id": {
        "title": "Masuk",
        "lead": "Masuk ke Meterai sebagai siapa?",
        "note": "Halaman untuk uji coba di komputer ini: tanpa kata sandi. Di AWS, halaman masuk "
        "Cognito yang tampil.",
        "other": "Alamat surel lain",
        "other_name": "Nama pengguna lain",
        "go": "Masuk",
        "wrong": "Anda tidak dapat masuk lewat aplikasi ini",
        "help": "Aplikasi itu atau pendaftarannya keliru. Beri tahu pembuatnya:",
        "switch": "English",
    },
}
# What helps those who made the app; the errors are Cognito's.
_CAUSES = {
    "redirect_mismatch": "redirect_uri is not in SignInCallbacks, letter by letter",
    "invalid_request": "there is no client with this client_id",
}


def language_of(request: Request) -> Language:
    """English unless `lang` is given, now or before (cognito-user-pools-managed-login.html,
    "Managed login localization")."""
    given = request.args.get("lang") or request.cookies.get(_COOKIE)
    return "id" if given == "id" else "en"


def login_page(request: Request, *, by_email: bool = True) -> Response:
    """Posts to its own address, whose query says where to return to."""
    language = language_of(request)
    text = _TEXTS[language]
    hint = html.escape(request.args.get("login_hint", ""))
    people = "".join(
        f'<li><button class="person" name="username" value="{email}"><b aria-hidden="true">'
        f"{name[0]}</b><span>{name}<small>{email}</small></span></button></li>"
        for name, email in (PEOPLE if by_email else OPERATORS)
    )
    typed = 'type="email" autocomplete="email"' if by_email else 'autocomplete="username"'
    content = f"""
<h1>{text["title"]}</h1>
<p>{text["lead"]}</p>
<form method="post"><ul>{people}</ul></form>
<form method="post"><label for="email">{text["other" if by_email else "other_name"]}</label>
<div class="own"><input id="email" name="username" {typed} required
 value="{hint}"><button>{text["go"]}</button></div></form>
<p class="note">{text["note"]}</p>
"""
    other: Language = "en" if language == "id" else "id"
    query = urlencode({**request.args.to_dict(), "lang": other})
    link = f'<a lang="{other}" href="/login?{html.escape(query)}">{text["switch"]}</a>'
    return _page(200, language, text["title"], content, link)


def remember_language(request: Request, response: Response) -> None:
    """For the pages that follow, whose addresses do not name it."""
    if "lang" in request.args:
        response.set_cookie(_COOKIE, language_of(request), samesite="Lax")


def error_page(request: Request) -> Response:
    """Cognito's says less: "An error was encountered with the requested page"."""
    language = language_of(request)
    text = _TEXTS[language]
    error = request.args.get("error", "")
    cause = _CAUSES.get(error)
    content = f"""
<h1>{text["wrong"]}</h1>
<p>{text["help"]}</p>
<p><code>{html.escape(error)}</code></p>
{f'<p lang="en">{cause}</p>' if cause else ""}
"""
    return _page(400, language, text["wrong"], content, "")


def _page(status: int, language: Language, title: str, content: str, footer: str) -> Response:
    values: dict[str, Any] = {"language": language, "title": title}
    text = _LAYOUT.substitute(values, content=content, footer=footer)
    return Response(text, status, content_type="text/html; charset=utf-8")
