"""An applicant without script, with a draft of two documents that is ready to be bought."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from meterai.container import container
from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import DraftId
from meterai.domain.orders.orders import Order
from meterai.domain.stamping.placement import Placement
from tests.applicant.forms import form_with
from tests.unit.pages.browser import ACCOUNT, Browser, Page
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump

DRAFT = DraftId("drf_AAAAAAAAAAAAAAAAAAAAAAAAAA")
AT = f"/saya/pengajuan/{DRAFT}"
CHECK, WAIT, PAY, PROGRESS, FILES = (
    f"{AT}/{page}" for page in ("ringkasan", "antre", "bayar", "proses", "berkas")
)
LETTERS = (b"%PDF-1.7 surat lamaran", b"%PDF-1.7 surat pernyataan")
BUY = "Bayar Rp20.000"
PLACE = Placement(1, 100.0, 50.0, 72.0)


@dataclass
class Applicant:
    """`page` is what they look at."""

    browser: Browser
    page: Page = field(init=False)
    address: str = CHECK

    def __post_init__(self) -> None:
        self.system = InMemoryApp(self.browser.app.state)
        self.system.ports.id_deriver = container.id_deriver
        self.pump = MessagePump(self.system)
        documents = tuple(
            DraftDocument(self.system.upload(letter, ACCOUNT), f"surat {n}.pdf", len(letter), PLACE)
            for n, letter in enumerate(LETTERS, start=1)
        )
        now = self.system.now
        self.system.ports.drafts.put_new(Draft(DRAFT, ACCOUNT, now, now, documents))

    @property
    def draft(self) -> Draft:
        return self.system.state.drafts[(ACCOUNT, DRAFT)]

    @property
    def order(self) -> Order:
        assert self.draft.order_id is not None
        return self.system.state.orders[self.draft.order_id]

    def edit(self, **values: object) -> None:
        """As another page changes the draft."""
        self.system.state.drafts[(ACCOUNT, DRAFT)] = replace(
            self.draft,
            **values,  # type: ignore[arg-type]
            version=self.draft.version + 1,
        )

    def open(self, address: str) -> Page:
        """Follows where it leads."""
        return self._shown(self.browser.get(address), address)

    def press(self, button: str, **changes: str) -> Page:
        """On the page that they look at; `changes`: what they choose in its form."""
        form, fields = form_with(self.page.html, button)
        assert form.method == "post"
        address = form.action or self.address
        return self._shown(self.browser.post(address, **(fields | changes)), address)

    def buy(self, **changes: str) -> Page:
        self.open(CHECK)
        return self.press(BUY, **changes)

    def pays(self) -> None:
        self.system.settle(self.order)
        self.pump.deliver()

    def waits(self, minutes: int) -> None:
        """And meanwhile the engine works."""
        self.system.state.pass_time(timedelta(minutes=minutes))
        self.system.sweep()
        self.pump.deliver()

    def _shown(self, page: Page, address: str) -> Page:
        for _ in range(5):
            if page.status != 303:
                self.page, self.address = page, address
                return page
            address = page.to
            page = self.browser.get(address)
        raise AssertionError(f"round and round: {address}")
