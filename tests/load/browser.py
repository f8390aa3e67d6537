"""A browser without script, of one buyer on the pages: cookies, redirects, forms and pictures."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

import aiohttp

from tests.applicant.cookies import cookie_header, keep_cookies
from tests.applicant.forms import form_with
from tests.applicant.web_pages import pictures_of, words_of
from tests.load.http_client import TRANSIENT, HttpClient, Reply

URLENCODED = "application/x-www-form-urlencoded"
REDIRECTS = (302, 303)
MAX_REDIRECTS = 12


class TimeIsUp(Exception):
    """The run ends while somebody waits."""


class Refused(Exception):
    """A page that nobody expects."""


@dataclass(frozen=True, slots=True)
class Shown:
    address: str
    html: str

    @property
    def path(self) -> str:
        return urlsplit(self.address).path


@dataclass
class Browser:
    """What does not answer is asked again, as people do, until the time is up."""

    http: HttpClient
    _jars: defaultdict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    _seen: set[str] = field(default_factory=set)

    async def open(self, address: str) -> Shown:
        """Where it leads. Raises TimeIsUp, Refused."""
        for _ in range(MAX_REDIRECTS):
            reply = await self._insist("GET", address)
            if reply.status not in REDIRECTS:
                return self._shown(address, reply)
            address = urljoin(address, reply.headers["location"])
        raise Refused(f"round and round: {address}")

    async def press(self, shown: Shown, *buttons: str, **typed: str) -> Shown:
        """The first of these buttons that is there. Raises TimeIsUp, Refused."""
        try:
            form, fields = form_with(shown.html, *buttons)
        except AssertionError as missing:
            raise Refused(f"{shown.path}: {missing}: {words_of(shown.html)[:300]}") from missing
        return await self.post(urljoin(shown.address, form.action), fields | typed)

    async def post(self, address: str, fields: Mapping[str, str]) -> Shown:
        reply = await self._insist("POST", address, urlencode(fields).encode())
        if reply.status in REDIRECTS:
            return await self.open(urljoin(address, reply.headers["location"]))
        return self._shown(address, reply)

    async def upload(self, shown: Shown, name: str, content: bytes) -> Shown:
        """By the form of the page, to the bucket, which sends the browser back."""
        form, fields = form_with(shown.html, "Unggah")
        while True:
            data = aiohttp.FormData(fields)
            data.add_field("file", content, filename=name, content_type="application/pdf")
            reply = await self.http.send("POST", form.action, data=data)
            if reply.status in REDIRECTS:
                return await self.open(reply.headers["location"])
            await self._wait(reply)

    async def fetch(self, address: str) -> bytes | None:
        """A file. None where it does not come."""
        for _ in range(MAX_REDIRECTS):
            reply = await self._ask("GET", address)
            if reply.status not in REDIRECTS:
                return reply.content if reply.status == 200 else None
            address = urljoin(address, reply.headers["location"])
        return None

    async def look(self, shown: Shown) -> None:
        """At the pictures of the page. A browser keeps them; what does not come is not shown."""
        for picture in pictures_of(shown.html):
            if picture not in self._seen:
                self._seen.add(picture)
                await self._ask("GET", urljoin(shown.address, picture))

    async def _insist(self, method: str, address: str, data: bytes | None = None) -> Reply:
        while True:
            reply = await self._ask(method, address, data)
            if reply.status not in TRANSIENT:
                return reply
            await self._wait(reply)

    async def _wait(self, reply: Reply) -> None:
        if self.http.is_over():
            raise TimeIsUp
        await self.http.pause(reply.retry_after_s)

    async def _ask(self, method: str, address: str, data: bytes | None = None) -> Reply:
        jar = self._jars[urlsplit(address).netloc]
        headers = {"accept": "text/html", "accept-language": "id"}
        if jar:
            headers["cookie"] = cookie_header(jar)
        if data is not None:
            headers |= {"content-type": URLENCODED, "sec-fetch-site": "same-origin"}
        reply = await self.http.send(method, address, data=data, headers=headers)
        keep_cookies(jar, reply.headers.getall("set-cookie", []))
        return reply

    def _shown(self, address: str, reply: Reply) -> Shown:
        html = reply.content.decode()
        if reply.status != 200:
            said = words_of(html) or html
            raise Refused(f"{urlsplit(address).path}: {reply.status} {said[:300]}")
        return Shown(address, html)
