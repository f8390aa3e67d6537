"""Every call may be executed and its response lost: botocore retries and meets its own first try.

The second answer must equal what the first would have been. moto ignores the token by which AWS
recognises a repeated transaction, so this is the harder case. Calls that cannot recognise their
first try (`UNRECOGNISED`) prove that the lost call was executed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from botocore.exceptions import ConnectionClosedError

from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import OrderState
from meterai.domain.refunds.refund_transitions import submitted
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import VoidReason
from meterai.domain.timers import Timer
from meterai.domain.waiting.queue_status import Lane
from meterai.ports import TakenOut
from tests.contract.backends import AwsBackend, Clients
from tests.contract.endpoints import forget_all_in_moto
from tests.contract.factories import (
    ACCOUNT,
    MINUTE,
    NOW,
    OUTPUT,
    QRIS,
    a_payment,
    a_refund,
    a_stamping,
    an_order,
)
from tests.contract.test_load_metrics import a_sample, a_snapshot

UNTIL = NOW + 2 * MINUTE
LATER = NOW + 60 * MINUTE
AUGMENTED = Output("e" * 64, 200_000)
ORDER = an_order()
PAYMENT = a_payment(ORDER)
PAID = replace(ORDER, state=OrderState.PAID)
ONE = a_stamping(ORDER, 0, name="one")
TWO = a_stamping(ORDER, 1, 2, name="two")
REFUND = a_refund(ORDER, (1,))
BACK = a_refund(ORDER, (0,), name="back")
TAKEN = TakenOut(ONE[0].serials, "group", NOW, "receipt")

Call = Callable[[], object]


@pytest.fixture(autouse=True)
def botocore_does_not_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)


def pending(backend: AwsBackend) -> None:
    backend.orders.put_new(ORDER)


def waiting(backend: AwsBackend) -> None:
    """Two stampings requested, then paid."""
    pending(backend)
    for stamping in (ONE, TWO):
        order = backend.orders.get(ORDER.order_id)
        assert order is not None
        backend.serials.reserve(order, stamping)
    backend.orders.mark_paid(ORDER, PAYMENT)


def refunding(backend: AwsBackend) -> None:
    pending(backend)
    paid = backend.orders.mark_paid(ORDER, PAYMENT)
    assert paid is not None
    backend.refunds.request(paid, REFUND)


def request_refund(backend: AwsBackend) -> Call:
    pending(backend)
    paid = backend.orders.mark_paid(ORDER, PAYMENT)
    assert paid is not None
    return lambda: backend.refunds.request(paid, REFUND)


def claimed(backend: AwsBackend) -> Call:
    waiting(backend)
    held = backend.serials.claim([one.serial for one in TWO], NOW, UNTIL)
    return lambda: backend.serials.void(held, VoidReason.DOCUMENT_REFUSED, NOW, code="not_a_pdf")


def after(
    prepare: Callable[[AwsBackend], None], call: Callable[[AwsBackend], object]
) -> Callable[[AwsBackend], Call]:
    def make(backend: AwsBackend) -> Call:
        prepare(backend)
        return lambda: call(backend)

    return make


def stamped(backend: AwsBackend) -> None:
    waiting(backend)
    backend.serials.finish(ONE, OUTPUT, NOW, Timer(NOW, LATER))


def nothing(_: AwsBackend) -> None:
    pass


DUE_AT = ORDER.timer.next_check_at if ORDER.timer else NOW
CALLS: dict[str, Callable[[AwsBackend], Call]] = {
    "orders.put_new": after(nothing, lambda p: p.orders.put_new(ORDER)),
    "orders.get": after(pending, lambda p: p.orders.get(ORDER.order_id)),
    "orders.get_many": after(pending, lambda p: p.orders.get_many([an_order().order_id])),
    "orders.of_account": after(pending, lambda p: p.orders.of_account(ACCOUNT)),
    "orders.store_instruction": after(pending, lambda p: p.orders.store_instruction(ORDER, QRIS)),
    "orders.mark_paid": after(pending, lambda p: p.orders.mark_paid(ORDER, PAYMENT)),
    "orders.cancel": after(pending, lambda p: p.orders.cancel(ORDER, NOW)),
    "orders.mark_closed": after(pending, lambda p: p.orders.mark_closed(ORDER, OrderState.EXPIRED)),
    "orders.mark_reversed": after(waiting, lambda p: p.orders.mark_reversed(PAID)),
    "payments.put": after(nothing, lambda p: p.payments.put(PAYMENT)),
    "payments.put_with_refund": after(
        nothing, lambda p: p.payments.put_with_refund(PAYMENT, REFUND)
    ),
    "payments.of_order": after(nothing, lambda p: p.payments.of_order(ORDER.order_id)),
    "payments.settled_between": after(
        nothing, lambda p: list(p.payments.settled_between(NOW, LATER))
    ),
    "serials.get_many": after(waiting, lambda p: p.serials.get_many([o.serial for o in TWO])),
    "serials.finish": after(waiting, lambda p: p.serials.finish(ONE, OUTPUT, NOW)),
    "serials.finish several": after(waiting, lambda p: p.serials.finish(TWO, OUTPUT, NOW)),
    "serials.finish to be augmented": after(
        waiting, lambda p: p.serials.finish(ONE, OUTPUT, NOW, Timer(NOW, LATER))
    ),
    "serials.list_augmented": after(
        stamped,
        lambda p: p.serials.list_augmented(p.serials.get_many([ONE[0].serial]), AUGMENTED),
    ),
    "serials.void": after(waiting, lambda p: p.serials.void(TWO, VoidReason.NOT_EXECUTED, NOW)),
    "serials.void with refund": after(
        waiting, lambda p: p.serials.void(ONE, VoidReason.NOT_EXECUTED, NOW, refund=BACK)
    ),
    "serials.void by the worker": claimed,
    "refunds.request": request_refund,
    "refunds.advance": after(
        refunding, lambda p: p.refunds.advance(REFUND, submitted(REFUND, NOW))
    ),
    "timers.due": after(pending, lambda p: list(p.order_timers.due(LATER))),
    "timers.move": after(pending, lambda p: p.order_timers.move(ORDER.order_id, DUE_AT, LATER)),
    "documents.stamped_output": after(nothing, lambda p: p.documents.stamped_output(ONE[0])),
    "documents.put_stamped": after(nothing, lambda p: p.documents.put_stamped(ONE, b"%PDF-1.7")),
    "documents.put_augmented": after(
        nothing, lambda p: p.documents.put_augmented(ONE[0], b"%PDF-1.7")
    ),
    "lanes.stamp": after(nothing, lambda p: p.lanes.stamp([ONE[0].serial], ACCOUNT)),
    "load_metrics.put_sample": after(nothing, lambda p: p.load_metrics.put_sample(a_sample())),
    "load_metrics.samples": after(nothing, lambda p: list(p.load_metrics.samples(NOW, LATER))),
    "load_metrics.put_snapshot": after(
        nothing, lambda p: p.load_metrics.put_snapshot(a_snapshot())
    ),
    "load_metrics.snapshot": after(nothing, lambda p: p.load_metrics.snapshot()),
    "lanes.waiting": after(nothing, lambda p: p.lanes.waiting(Lane.STAMPING)),
    "lanes.is_idle": after(nothing, lambda p: p.lanes.is_idle(Lane.STAMPING)),
    "lanes.receive_bulk": after(nothing, lambda p: p.lanes.receive_bulk(10)),
    "lanes.stamp_taken": after(nothing, lambda p: p.lanes.stamp_taken([TAKEN])),
}

# These calls cannot recognise their own first try. The caller waits or reads again, which is safe.
UNRECOGNISED: dict[str, tuple[Callable[[AwsBackend], Call], object]] = {
    "orders.next_attempt": (after(pending, lambda p: p.orders.next_attempt(ORDER)), None),
    "refunds.count_claim_try": (
        after(refunding, lambda p: p.refunds.count_claim_try(REFUND)),
        None,
    ),
    "serials.claim": (
        after(waiting, lambda p: p.serials.claim([ONE[0].serial], NOW, UNTIL)),
        (),
    ),
    "serials.claim several": (
        after(waiting, lambda p: p.serials.claim([o.serial for o in TWO], NOW, UNTIL)),
        (),
    ),
}


@contextmanager
def answers_lost(clients: Clients, times: int) -> Iterator[list[str]]:
    """The next `times` requests are executed by moto, which hooks the bare event; then the
    connection closes. Yields the names of the requests."""
    requests: list[str] = []

    def lose_response(event_name: str, **_: object) -> None:
        requests.append(event_name)
        if len(requests) <= times:
            raise ConnectionClosedError(endpoint_url="moto")

    watched = (clients.dynamodb, clients.s3, clients.sqs)
    for client in watched:
        client.meta.events.register_last("before-send", lose_response)
    try:
        yield requests
    finally:
        for client in watched:
            client.meta.events.unregister("before-send", lose_response)


def prepared(moto: Clients, make: Callable[[AwsBackend], Call]) -> Call:
    forget_all_in_moto()
    backend = AwsBackend(moto)
    _ = backend.tables.all(), backend.documents, backend.queues
    return make(backend)


@pytest.mark.parametrize("name", CALLS)
def test_a_lost_answer_is_given_again(name: str, moto: Clients) -> None:
    undisturbed = prepared(moto, CALLS[name])()
    call = prepared(moto, CALLS[name])
    with answers_lost(moto, times=1) as requests:
        assert call() == undisturbed
    assert len(requests) >= 2


def test_a_reservation_whose_answer_was_lost_names_its_first_serial(moto: Clients) -> None:
    """A first reservation names all serials; a repeated one names the first, as it is stored."""
    forget_all_in_moto()
    backend = AwsBackend(moto)
    _ = backend.tables.all()
    pending(backend)
    with answers_lost(moto, times=1):
        outcome = backend.serials.reserve(ORDER, TWO)
    assert outcome == backend.serials.reserve(ORDER, TWO)
    assert backend.serials.get_many([one.serial for one in TWO]) == TWO


@pytest.mark.parametrize("name", UNRECOGNISED)
def test_a_first_try_that_is_not_recognised_answers_with_less(name: str, moto: Clients) -> None:
    make, answer = UNRECOGNISED[name]
    call = prepared(moto, make)
    with answers_lost(moto, times=1):
        assert call() == answer


@pytest.mark.parametrize("name", [*CALLS, *UNRECOGNISED])
def test_a_call_that_never_answers_is_unavailable(name: str, moto: Clients) -> None:
    call = prepared(moto, CALLS[name] if name in CALLS else UNRECOGNISED[name][0])
    with answers_lost(moto, times=3), pytest.raises(Unavailable) as unavailable:
        call()
    assert unavailable.value.values["reason"] == "ConnectionClosedError"
