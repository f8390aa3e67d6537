"""An applicant at work: a draft that is bought, given up, changed, paid."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from meterai.domain.drafts.drafts import Draft, DraftDocument, with_choices
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement import Placement
from meterai.steps.buy_draft import buy_draft
from meterai.steps.change_draft import change_draft
from meterai.steps.read_draft import DraftProgress, read_draft
from meterai.steps.reopen_draft import reopen_draft
from meterai.steps.stamp_draft import stamp_draft
from tests.fakes.in_memory_state import Moment
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import Crash, MessagePump

DRAFT = DraftId("drf_AAAAAAAAAAAAAAAAAAAAAAAAAA")
LETTERS = (b"%PDF-1.7 surat lamaran", b"%PDF-1.7 surat pernyataan")
PLACE = Placement(1, 100.0, 50.0, 72.0)


@dataclass
class Desk:
    """An applicant with a draft of two documents, ready to be bought."""

    app: InMemoryApp = field(default_factory=InMemoryApp)

    def __post_init__(self) -> None:
        self.pump = MessagePump(self.app)
        documents = tuple(
            DraftDocument(self.app.upload(letter), f"surat {n}.pdf", len(letter), PLACE)
            for n, letter in enumerate(LETTERS, start=1)
        )
        now = self.app.now
        self.app.ports.drafts.put_new(Draft(DRAFT, BUYER, now, now, documents))

    @property
    def draft(self) -> Draft:
        return self.app.state.drafts[(BUYER, DRAFT)]

    @property
    def order(self) -> Order:
        assert self.draft.order_id is not None
        return self.app.state.orders[self.draft.order_id]

    @property
    def progress(self) -> DraftProgress:
        return read_draft(BUYER, DRAFT, self.app.ports, self.app.now)

    def buy(self, method: Method = Method.QRIS, ticket: str | None = None) -> Draft:
        return buy_draft(BUYER, DRAFT, method, self.app.ports, self.app.now, ticket=ticket)

    def use(self, order_id: OrderId) -> Draft:
        return stamp_draft(BUYER, DRAFT, order_id, self.app.ports, self.app.now)

    def reopen(self, order_id: OrderId | None = None) -> Draft:
        """Its own order, unless another is named."""
        named = order_id or self.draft.order_id or OrderId("")
        return reopen_draft(BUYER, DRAFT, named, self.app.ports, self.app.now)

    def edit(self, **values: object) -> None:
        """Another tab changes the draft."""
        self.app.state.drafts[(BUYER, DRAFT)] = replace(
            self.draft,
            **values,  # type: ignore[arg-type]
            version=self.draft.version + 1,
        )

    def move(self) -> None:
        """Another tab moves the e-meterai of the first document."""
        sha256, now = self.draft.documents[0].sha256, self.app.now
        place = replace(PLACE, x_pt=200.0)
        change_draft(
            BUYER,
            DRAFT,
            lambda draft: with_choices(draft, sha256, now, placement=place),
            self.app.ports,
        )

    def paid_before(self) -> OrderId:
        """Two e-meterai that were bought earlier."""
        order = self.app.buy()
        self.app.settle(order)
        self.pump.deliver()
        return order.order_id

    def pays(self) -> None:
        self.app.settle(self.order)
        self.pump.deliver()

    def expires(self) -> None:
        """Nobody pays, and the engine has closed the order."""
        self.app.state.pass_time(timedelta(minutes=30))
        self.app.sweep()
        self.pump.deliver()


def cut_off(app: InMemoryApp, at: int, moment: Moment, click: Callable[[], Draft]) -> bool:
    """Ends the click at one of its calls of ports. Whether there was such a call."""
    calls = 0

    def hook(now: Moment, _: str) -> None:
        nonlocal calls
        calls += now == "before"
        if (calls - 1, now) == (at, moment):
            raise Crash

    app.state.hook = hook
    try:
        click()
    except Crash:
        return True
    finally:
        app.state.hook = lambda *_: None
    return False
