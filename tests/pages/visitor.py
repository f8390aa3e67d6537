"""Somebody with a browser."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page

from meterai.aws.keys.token_keys import SecretTokenKeys
from meterai.domain.sessions import APPLICANTS, OPERATORS, new_session
from meterai.domain.signed_tokens import TokenSigner
from meterai.pages.areas import OF_APPLICANTS, OF_OPERATORS
from tests.e2e.customer import Customer
from tests.local.environment import Environment
from tests.pages.chromium import PHONE, Device, open_context
from tests.pages.record import Record
from tests.pages.world import World


@dataclass
class Visitor:
    """`afterwards` undoes what was changed for all, such as a pause of buying."""

    place: Environment
    world: World
    context: BrowserContext
    page: Page
    record: Record
    afterwards: ExitStack = field(default_factory=ExitStack)

    @property
    def origin(self) -> str:
        return self.place.account.api_url

    @cached_property
    def devtools(self) -> CDPSession:
        """One session: what another sets would add to it."""
        return self.context.new_cdp_session(self.page)

    def open(self, path: str, *, status: int = 200) -> None:
        """`path` may be an address as it is printed or mailed."""
        path = f"/{path.partition('//')[2].partition('/')[2]}" if "//" in path else path
        answered = self.page.goto(self.origin + path)
        assert answered is not None
        assert answered.status == status, f"{path}: {answered.status}"

    def sign_in(self, customer: Customer) -> None:
        """Without the sign-in pages: the cookie that they would give."""
        session = new_session(APPLICANTS, customer.subject, datetime.now(UTC), self._signer())
        self._keep(OF_APPLICANTS.session_cookie, session.text)

    def sign_in_operator(self) -> None:
        """The same, on the operators' pages."""
        now, signer = datetime.now(UTC), self._signer()
        session = new_session(OPERATORS, "operator-1", now, signer, name="sri.wahyuni")
        self._keep(OF_OPERATORS.session_cookie, session.text)

    def _signer(self) -> TokenSigner:
        secret = self.place.account.physical("TokenSecret")
        keys = SecretTokenKeys(self.place.account.client("secretsmanager"), secret)
        return TokenSigner(keys.held, keys.renew, lambda: datetime.now(UTC))

    def _keep(self, cookie: str, text: str) -> None:
        # Playwright's own names the cookie's host, and a name with `__Host-` must be without one.
        self.devtools.send(
            "Network.setCookie",
            {
                "name": cookie,
                "value": text,
                "url": self.origin,
                "secure": True,
                "httpOnly": True,
                "sameSite": "Lax",
            },
        )

    def prefer(self, language: str) -> None:
        """As the settings of a browser say it."""
        self.context.set_extra_http_headers({"accept-language": language})


@contextmanager
def visiting(
    browser: Browser,
    world: World,
    device: Device = PHONE,
    *,
    language: str = "id",
    has_script: bool = True,
) -> Iterator[Visitor]:
    context = open_context(browser, device, language=language, has_script=has_script)
    page = context.new_page()
    visitor = Visitor(world.place, world, context, page, Record(page))
    try:
        with visitor.afterwards:
            yield visitor
    finally:
        context.close()
