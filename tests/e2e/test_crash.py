"""A worker dies in the middle of its work, as an instance that runs out of memory does."""

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from moto.kms.models import KmsBackend

from tests.applicant.client import Json, wait_until
from tests.e2e.customer import Customer
from tests.e2e.passing_time import stamping_ages, sweep
from tests.e2e.refusal import Refusal, refusal
from tests.local.environment import Environment

CLAIM_LAPSES = timedelta(minutes=10)


@dataclass(frozen=True)
class Abandoned:
    """A stamping whose worker died while it signed: claimed, and nobody at it."""

    order: Json
    requested: Json


@pytest.fixture
def abandoned(customer: Customer) -> Abandoned:
    order = customer.paid_order()
    with pytest.MonkeyPatch.context() as monkeypatch:
        asked_to_sign, is_dead = _signing_waits(monkeypatch)
        requested = customer.request(order)
        assert asked_to_sign.wait(timeout=20)
        _kill_the_busy_worker(customer.place)
        is_dead.set()
    customer.settle()
    return Abandoned(order, requested)


def test_a_worker_that_dies_while_it_signs_leaves_its_work_to_another(
    customer: Customer, abandoned: Abandoned
) -> None:
    order, requested = abandoned.order, abandoned.requested
    # The message came again, and found the e-meterai claimed: somebody might still hold it.
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"
    refund = customer.applicant.ask(
        "POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 1}
    )
    stamping_in_progress = Refusal(409, "stamping_in_progress", {"order_id": order["order_id"]})
    assert refusal(refund) == stamping_in_progress

    stamping_ages(customer.place, requested, CLAIM_LAPSES)
    sweep(customer.place)
    stamped = customer.applicant.stamping(requested["stamping_id"])
    assert stamped["state"] == "stamped"
    content = customer.applicant.open(stamped["download_url"]).content
    verdict = customer.applicant.verify(customer.applicant.upload(content))
    assert verdict["verdict"] == "genuine"
    assert customer.balance(order)["stamped"] == 1


def test_what_a_dead_worker_held_may_be_given_back_once_its_claim_has_lapsed(
    customer: Customer, abandoned: Abandoned
) -> None:
    stamping_ages(customer.place, abandoned.requested, CLAIM_LAPSES)
    refund = customer.applicant.refund(abandoned.order["order_id"], 1)
    assert _void_reason(customer, abandoned) == "refund_requested"
    wait_until(lambda: customer.applicant.refund_status(refund["refund_id"]), "confirmed")


def test_what_a_dead_worker_held_is_refunded_when_the_promise_ends(
    customer: Customer, abandoned: Abandoned
) -> None:
    stamping_ages(customer.place, abandoned.requested, timedelta(days=1, minutes=1))
    sweep(customer.place)
    assert _void_reason(customer, abandoned) == "not_executed"
    [refund_id] = customer.order(abandoned.order)["refunds"]
    wait_until(lambda: customer.applicant.refund_status(refund_id), "confirmed")


def test_what_a_dead_worker_held_goes_with_a_payment_that_the_bank_takes_back(
    customer: Customer, abandoned: Abandoned
) -> None:
    stamping_ages(customer.place, abandoned.requested, CLAIM_LAPSES)
    customer.take_the_payment_back(abandoned.order)
    assert customer.order(abandoned.order)["state"] == "reversed"
    assert _void_reason(customer, abandoned) == "order_reversed"


def _void_reason(customer: Customer, abandoned: Abandoned) -> str:
    found = customer.applicant.stamping(abandoned.requested["stamping_id"])
    assert found["state"] == "void"
    return str(found["void_reason"])


def _signing_waits(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """The key service, which runs in this process, reports each request and answers on a signal."""
    asked, may_answer = threading.Event(), threading.Event()
    sign = KmsBackend.sign

    def sign_later(self: KmsBackend, *args: Any, **named: Any) -> tuple[str, bytes, str]:
        asked.set()
        assert may_answer.wait(timeout=20)
        return sign(self, *args, **named)

    monkeypatch.setattr(KmsBackend, "sign", sign_later)
    return asked, may_answer


def _kill_the_busy_worker(place: Environment) -> None:
    workers = place.account.functions["StampFunction"]
    [busy] = workers._all - set(workers._idle)
    busy._process.kill()
    busy._process.wait()
