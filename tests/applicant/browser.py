"""A browser without a window: cookies, redirects, and the button of a person on a sign-in page."""

import re
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin, urlsplit

import urllib3

from tests.applicant.cookies import cookie_header, keep_cookies


@dataclass
class Browser:
    """Of one person. It stops where an address leaves the sign-in pages: there the app goes on."""

    cookies: dict[str, str] = field(default_factory=dict)

    def sign_in(self, address: str, email: str) -> str:
        """Presses the button of `email`, if the page asks at all. The address of the app at which
        the browser arrives."""
        arrived, page = self.open(address)
        if page is None:
            return arrived
        buttons = re.findall(r'name="username" value="([^"]+)"', page)
        assert email in map(unescape, buttons), f"{arrived} has {buttons}"
        arrived, page = self.open(arrived, {"username": email})
        assert page is None, f"still at {arrived}"
        return arrived

    def open(self, address: str, form: dict[str, str] | None = None) -> tuple[str, str | None]:
        """Where it leads, and what is shown there; nothing if that is an app's."""
        site = urlsplit(address)[:2]
        while urlsplit(address)[:2] == site:
            answer = urllib3.request(
                "POST" if form is not None else "GET",
                address,
                body=urlencode(form) if form is not None else None,
                headers={
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": cookie_header(self.cookies),
                },
                redirect=False,
                retries=False,
            )
            keep_cookies(self.cookies, answer.headers.getlist("Set-Cookie"))
            if answer.status != 302:
                return address, answer.data.decode()
            address, form = urljoin(address, answer.headers["Location"]), None
        return address, None
