"""A mail, as the mailer gets it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """`stop_url` takes a POST of one click (RFC 8058), and shows a page to a person."""

    subject: str
    text: str
    html: str
    stop_url: str
