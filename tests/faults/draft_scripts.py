"""Scripts of the pages: documents are prepared in a draft, which is bought by one click."""

from datetime import timedelta
from hashlib import sha256

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.steps.adopt_upload import adopt_upload
from meterai.steps.begin_draft import begin_draft
from meterai.steps.buy_draft import buy_draft
from meterai.steps.place_document import place_document
from meterai.steps.reopen_draft import reopen_draft
from meterai.steps.stamp_draft import stamp_draft
from tests.faults.harness import RETRY_DELAY, BuyerGaveUpError, Harness
from tests.unit.steps.in_memory_app import BUYER

LETTERS = (b"%PDF-1.7 a letter in a draft", b"%PDF-1.7 another letter in a draft")


def buy_through_a_draft(harness: Harness) -> None:
    """One document, which a browser without script sends."""
    ports, letter = harness.app.ports, LETTERS[0]
    draft = harness.expect(lambda: begin_draft(BUYER, "draft", ports, harness.state.now))
    form = harness.expect(
        lambda: ports.documents.create_browser_upload(
            BUYER, draft.draft_id, "https://pages.example/saya"
        )
    )
    harness.app.send(form, letter)
    harness.expect(
        lambda: adopt_upload(BUYER, draft.draft_id, form.fields["key"], ports, harness.state.now)
    )
    harness.expect(
        lambda: place_document(
            BUYER,
            draft.draft_id,
            sha256(letter).hexdigest(),
            PointPlacement(1, 100.0, 50.0, 72.0),
            ports,
            harness.state.now,
            allow_overlap=False,
        )
    )
    order = _ordered(harness, draft.draft_id)
    if order is not None:
        harness.pay(order)


def reopen_a_draft_and_buy_it_again(harness: Harness) -> None:
    """Somebody pays by the first code all the same: that money goes back."""
    draft_id = _prepared(harness, 1)
    first = _ordered(harness, draft_id)
    if first is None:
        return
    harness.served(
        lambda: reopen_draft(BUYER, draft_id, first.order_id, harness.app.ports, harness.state.now)
    )
    harness.pump.deliver()
    harness.state.pass_time(timedelta(minutes=1))
    second = _ordered(harness, draft_id)
    harness.pay(first)
    if second is not None and second != first:
        harness.pay(second)


def stamp_a_draft_with_what_was_bought(harness: Harness) -> None:
    order = harness.buy()
    harness.pay(order)
    harness.pump.deliver()
    draft_id = _prepared(harness, 2)
    harness.served(
        lambda: stamp_draft(BUYER, draft_id, order.order_id, harness.app.ports, harness.state.now)
    )


def _prepared(harness: Harness, count: int) -> DraftId:
    """So many documents with their places."""
    draft_id, now = DraftId("drf_AAAAAAAAAAAAAAAAAAAAAAAAAA"), harness.state.now
    documents = tuple(
        DraftDocument(
            harness.app.upload(letter), "a letter.pdf", len(letter), Placement(1, 100.0, 50.0, 72.0)
        )
        for letter in LETTERS[:count]
    )
    draft = Draft(draft_id, BUYER, now, now, documents)
    harness.expect(lambda: harness.app.ports.drafts.put_new(draft))
    return draft_id


def _ordered(harness: Harness, draft_id: DraftId) -> Order | None:
    """As the page of paying does, until it has something to show."""
    for _ in range(harness.tries):
        draft = harness.served(
            lambda: buy_draft(BUYER, draft_id, Method.QRIS, harness.app.ports, harness.state.now)
        )
        if draft is None:
            return None
        order = harness.state.orders[draft.order_id or OrderId("")]
        if order.instruction or order.state is not OrderState.PENDING:
            return order
        harness.state.pass_time(RETRY_DELAY)
    raise BuyerGaveUpError
