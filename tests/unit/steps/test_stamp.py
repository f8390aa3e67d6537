"""Stamping: claimed before it is signed, stored once, and void only where no file can exist."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import Order
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.messages import StampDocument
from meterai.steps.stamp import VoidedButStored
from meterai.steps.void_stamping import void_stamping
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import CLAIM
from tests.fakes.stamper import serials_on
from tests.unit.steps.in_memory_app import BUYER, LETTER, InMemoryApp
from tests.unit.steps.message_pump import Crash, MessagePump


@pytest.fixture
def waiting(app: InMemoryApp, pump: MessagePump) -> EMeterai:
    """A paid stamping of two whose message was not delivered yet."""
    order = app.buy()
    app.settle(order)
    pump.deliver()
    return app.request(order.order_id, count=2)


def work(app: InMemoryApp, first: EMeterai) -> None:
    app.act_on(StampDocument(serials=first.serials))


def work_until(at: Moment, where: str, app: InMemoryApp, first: EMeterai) -> None:
    """The worker is killed before or after this port call."""

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == (at, where):
            app.state.hook = lambda _moment, _call: None
            raise Crash

    app.state.hook = hook
    with pytest.raises(Crash):
        work(app, first)


def void(app: InMemoryApp, first: EMeterai) -> bool:
    return void_stamping(
        first.serials,
        VoidReason.REFUND_REQUESTED,
        app.ports,
        app.now,
    )


def order_of(app: InMemoryApp, first: EMeterai) -> Order:
    return app.state.orders[first.order_id]


def test_once_the_certificate_has_expired_nothing_is_claimed_or_fetched(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    calls: list[str] = []
    app.state.hook = lambda _, call: calls.append(call)
    app.state.certificate_ends_at = app.now
    with pytest.raises(Unavailable):
        work(app, waiting)
    assert calls == []
    app.state.certificate_ends_at = app.now + timedelta(seconds=1)
    work(app, waiting)
    assert app.state.serials[waiting.serial].state is SerialState.STAMPED


def test_a_finished_stamping_has_one_file_with_its_hash(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    work(app, waiting)
    content = app.state.stamped[waiting.stamping]
    assert content.startswith(LETTER)
    assert serials_on(content) == waiting.serials
    before = [waiting, replace(waiting, serial=waiting.serials[1], slot=1, timer=None)]
    for was in before:
        one = app.state.serials[was.serial]
        assert one == replace(
            was,
            placement=one.placement,
            state=SerialState.STAMPED,
            timer=None,
            stamped_at=app.state.now,
            outputs=(Output.of(content),),
        )
    assert app.state.signed == list(waiting.serials)


def test_a_message_delivered_twice_is_signed_once(app: InMemoryApp, waiting: EMeterai) -> None:
    work(app, waiting)
    stamped = dict(app.state.serials)
    app.state.pass_time(timedelta(days=30))
    work(app, waiting)
    assert dict(app.state.serials) == stamped
    assert app.state.signed == list(waiting.serials)


def test_the_serials_are_claimed_before_anything_is_signed(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    work_until("before", "Stamper.stamp", app, waiting)
    claims = [app.state.serials[serial].claimed_until for serial in waiting.serials]
    assert claims == [app.state.now + CLAIM] * 2


def test_a_second_worker_leaves_it_alone_until_the_claim_expires(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    work_until("before", "Stamper.stamp", app, waiting)
    app.state.pass_time(CLAIM - timedelta(microseconds=1))
    work(app, waiting)
    assert app.state.signed == []
    app.state.pass_time(timedelta(microseconds=1))
    work(app, waiting)
    assert app.state.signed == list(waiting.serials)


def test_a_stored_file_is_used_by_every_later_worker(app: InMemoryApp, waiting: EMeterai) -> None:
    work_until("after", "Documents.put_stamped", app, waiting)
    content = app.state.stamped[waiting.stamping]
    app.state.pass_time(CLAIM)
    work(app, waiting)
    assert app.state.stamped[waiting.stamping] == content
    assert app.state.serials[waiting.serial].outputs == (Output.of(content),)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"not what was declared", "document_hash_mismatch"),
        (None, "document_missing"),
    ],
)
def test_a_refused_document_frees_the_slots_and_says_why(
    app: InMemoryApp, waiting: EMeterai, content: bytes | None, code: str
) -> None:
    app.state.documents.clear()
    if content is not None:
        app.state.documents[BUYER, waiting.document] = content
    work(app, waiting)
    voided = app.state.serials[waiting.serial]
    assert voided == replace(
        waiting,
        state=SerialState.VOID,
        timer=None,
        void_reason=VoidReason.DOCUMENT_REFUSED,
        void_code=code,
    )
    assert order_of(app, waiting).slots == {}
    assert app.state.signed == []


def test_a_document_that_is_gone_after_its_stamped_file_was_stored_does_not_void_it(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    work_until("after", "Documents.put_stamped", app, waiting)
    app.state.documents.clear()
    app.state.pass_time(CLAIM)
    work(app, waiting)
    assert app.state.serials[waiting.serial].state is SerialState.STAMPED


def test_an_outage_is_not_a_refusal(app: InMemoryApp, waiting: EMeterai) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Stamper.stamp"):
            raise Unavailable(party="kms")

    app.state.hook = hook
    with pytest.raises(Unavailable):
        work(app, waiting)
    assert app.state.serials[waiting.serial].state is SerialState.RESERVED


def test_an_unclaimed_stamping_is_voided_and_its_slots_are_free(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    assert void(app, waiting)
    assert void(app, waiting), "again: the result is the same"
    assert order_of(app, waiting).slots == {}
    work(app, waiting)
    assert app.state.signed == []


def test_a_claimed_stamping_is_not_voided(app: InMemoryApp, waiting: EMeterai) -> None:
    work_until("before", "Documents.put_stamped", app, waiting)
    app.state.pass_time(CLAIM - timedelta(microseconds=1))
    assert not void(app, waiting)
    app.state.pass_time(timedelta(microseconds=1))
    assert void(app, waiting)
    assert app.state.stamped == {}


def test_a_stamping_of_which_a_dead_worker_left_a_file_is_finished_and_not_voided(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    work_until("after", "Documents.put_stamped", app, waiting)
    app.state.pass_time(CLAIM)
    assert not void(app, waiting)
    assert app.state.serials[waiting.serial].state is SerialState.STAMPED
    assert not void(app, waiting)


def test_a_worker_that_claims_between_the_check_and_the_void_keeps_it(
    app: InMemoryApp, waiting: EMeterai
) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Serials.void"):
            app.state.hook = lambda _moment, _call: None
            work(app, waiting)

    app.state.hook = hook
    assert not void(app, waiting)
    assert app.state.serials[waiting.serial].state is SerialState.STAMPED


def test_a_file_of_voided_serials_raises_an_alarm(app: InMemoryApp, waiting: EMeterai) -> None:
    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Documents.put_stamped"):
            for serial in waiting.serials:
                one = app.state.serials[serial]
                app.state.serials[serial] = replace(one, state=SerialState.VOID)

    app.state.hook = hook
    with pytest.raises(VoidedButStored):
        work(app, waiting)
