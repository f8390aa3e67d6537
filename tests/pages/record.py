"""What a tab loaded for the page that it shows, and what its console complained about."""

import gzip
from collections import Counter
from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page, Request, Response

COUNTED = {"document": "html", "stylesheet": "css", "script": "script"}


@dataclass(frozen=True, slots=True)
class Weight:
    """Bytes. The first three as they are sent, by gzip; pictures as they are."""

    html: int
    css: int
    script: int
    pictures: int

    @property
    def counted(self) -> int:
        """What the budget limits."""
        return self.html + self.css + self.script


@dataclass
class Record:
    page: Page
    complaints: list[str] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", self._begin)
        self.page.on("response", self._receive)
        self.page.on("console", self._complain)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def document(self) -> Response:
        found = [one for one in self.responses if one.request.resource_type == "document"]
        return found[-1]

    @property
    def html(self) -> str:
        """As it was sent, not as the browser mended it."""
        return self.document.text()

    def weight(self) -> Weight:
        sizes: Counter[str] = Counter()
        for response in self.responses:
            kind = COUNTED.get(response.request.resource_type)
            if kind is not None and not 300 <= response.status < 400:
                sizes[kind] += len(gzip.compress(response.body(), mtime=0))
            elif response.request.resource_type == "image":
                sizes["pictures"] += len(response.body())
        return Weight(sizes["html"], sizes["css"], sizes["script"], sizes["pictures"])

    def _begin(self, request: Request) -> None:
        """Another page begins, and with it another record."""
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            self.responses.clear()

    def _receive(self, response: Response) -> None:
        self.responses.append(response)

    def _complain(self, message: ConsoleMessage) -> None:
        """Policy violations are among the errors. A page that answers 404 is an error for the
        console, too, but not here: `Visitor.open` says which status is right."""
        own = message.location.get("url") == self.page.url
        if message.type == "error" and not (own and "Failed to load resource" in message.text):
            self.complaints.append(message.text)
