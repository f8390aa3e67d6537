"""The public pages: behind the QR of a document, behind the link of a refund, of performance.

They need no script and load nothing: the style sheet is in the page, so that a phone on a weak line
waits for one answer alone. A page is in one language, that of the request.

Jinja2 is imported when a person asks: that costs about 50 ms once for an instance, and programs,
which ask for JSON, never wait for it.
"""

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from meterai.api import RefundStatusAnswer, SerialAnswer
from meterai.domain.refunds.refunds import MOVING, RefundState
from meterai.domain.stamping.stampings import DocumentKind
from meterai.languages import Language, Text
from meterai.pages.static_files import STATIC

_KINDS = {
    DocumentKind.SECURITIES: Text(
        "Surat berharga, akta, risalah lelang", "Security, deed or auction record"
    ),
    DocumentKind.STATEMENT: Text(
        "Surat perjanjian, keterangan, pernyataan", "Agreement, certificate or statement"
    ),
    DocumentKind.RECEIPT: Text(
        "Tanda terima uang di atas Rp5.000.000", "Receipt of more than Rp5,000,000"
    ),
    DocumentKind.SETTLEMENT: Text(
        "Pelunasan utang di atas Rp5.000.000", "Settlement of a debt of more than Rp5,000,000"
    ),
}


@dataclass(frozen=True, slots=True)
class PublicPage:
    html: str
    headers: dict[str, str]


def genuine_page(answer: SerialAnswer, language: Language) -> PublicPage:
    """Of a stamped e-meterai. The serial is genuine; only the reader can see whether the paper in
    their hand is the document that it was put on."""
    return _page("serial", language, answer=answer, kind=_KINDS[answer.kind])


def unknown_page(language: Language) -> PublicPage:
    """Of a serial that is on no document, for whatever reason."""
    return _page("serial_unknown", language)


def refund_page(answer: RefundStatusAnswer, language: Language) -> PublicPage:
    """Of a refund."""
    is_done = answer.state in (RefundState.CONFIRMED, RefundState.SUPERSEDED)
    waits_for_owner = answer.state is RefundState.NEEDS_ACCOUNT
    return _page(
        "refund_status",
        language,
        answer=answer,
        is_moving=answer.state in MOVING,
        is_done=is_done,
        look="good" if is_done else "bad" if answer.overdue else _LOOKS[waits_for_owner],
    )


_LOOKS = {True: "warn", False: "note"}


def unknown_refund_page(language: Language) -> PublicPage:
    """Of a link that this system did not make."""
    return _page("refund_unknown", language)


def performance_page(language: Language, **values: Any) -> PublicPage:
    """How buyers were served, day by day."""
    return _page("performance", language, **values)


def _page(template: str, language: Language, **values: Any) -> PublicPage:
    from meterai.pages.environment import render

    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    html = render(template, language, style=style, icon=_icon(), **values)
    return PublicPage(
        html,
        {
            "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{digest}'; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        },
    )


@cache
def _style() -> str:
    return (STATIC / "style.css").read_text(encoding="utf-8")


@cache
def _icon() -> str:
    return (STATIC / "icon.svg").read_text(encoding="utf-8")
