"""Mails: what a notification says, as plain text and as HTML, with the same words.

Both name no person and no document, load nothing, and lead to pages that ask who one is; all but
the link that stops them.
"""

from functools import cache
from html import unescape

from meterai.domain.notifications.consents import Consent
from meterai.domain.notifications.mails import Mail
from meterai.domain.notifications.notifications import Notification
from meterai.languages import Language
from meterai.pages.environment import render
from meterai.pages.static_files import STATIC

STOP = "/berhenti"


def write_mail(
    pages_url: str, notification: Notification, consent: Consent, *, stop_token: str
) -> Mail:
    """`pages_url`: where the pages are, without a slash at its end."""
    language = Language(consent.language)
    words = unescape(render("mail_words", language, notification=notification))
    subject, link_text, *paragraphs = [line for line in words.splitlines() if line.strip()]
    stop_url = f"{pages_url}{STOP}/{stop_token}"
    values = {
        "subject": subject,
        "paragraphs": paragraphs,
        "link_text": link_text,
        "link": pages_url + notification.path,
        "order_id": notification.order_id,
        "stop_url": stop_url,
    }
    text = unescape(render("mail_text", language, **values))
    return Mail(subject, text, render("mail", language, style=_style(), **values), stop_url)


@cache
def _style() -> str:
    return (STATIC / "mail.css").read_text(encoding="utf-8")
