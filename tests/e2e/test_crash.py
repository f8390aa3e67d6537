"""A worker is killed in the middle of its work, like an instance that runs out of memory."""

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
    """A stamping whose worker died while it signed: claimed, and not being worked on."""

    order: Json
    requested: Json


@pytest.fixture
def abandoned(customer: Customer) -> Abandoned:
    order = customer.paid_order()
    with pytest.MonkeyPatch.context() as monkeypatch:
        asked_to_sign, is_dead = _signing_waits(monkeypatch)
        requested = customer.request(order)
        assert asked_to_sign.wait(timeout=20)
        _kill_the_busy_worker(customer.environment)
        is_dead.set()
    customer.settle()
    return Abandoned(order, requested)


def test_another_worker_finishes_the_work_of_one_that_died_while_it_signed(
    customer: Customer, abandoned: Abandoned
) -> None:
    order, requested = abandoned.order, abandoned.requested
    # The message was delivered again and found the e-meterai claimed: another worker might hold it.
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"
    refund = customer.applicant.ask(
        "POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 1}
    )
    stamping_in_progress = Refusal(409, "stamping_in_progress", {"order_id": order["order_id"]})
    assert refusal(refund) == stamping_in_progress

    stamping_ages(customer.environment, requested, CLAIM_LAPSES)
    sweep(customer.environment)
    stamped = customer.applicant.stamping(requested["stamping_id"])
    assert stamped["state"] == "stamped"
    content = customer.applicant.open(stamped["download_url"]).content
    verdict = customer.applicant.verify(customer.applicant.upload(content))
    assert verdict["verdict"] == "genuine"
    assert customer.balance(order)["stamped"] == 1


def test_a_dead_workers_serials_may_be_refunded_once_its_claim_expired(
    customer: Customer, abandoned: Abandoned
) -> None:
    stamping_ages(customer.environment, abandoned.requested, CLAIM_LAPSES)
    refund = customer.applicant.refund(abandoned.order["order_id"], 1)
    assert _void_reason(customer, abandoned) == "refund_requested"
    wait_until(lambda: customer.applicant.refund_status(refund["refund_id"]), "confirmed")


def test_a_dead_workers_serials_are_refunded_when_the_promise_ends(
    customer: Customer, abandoned: Abandoned
) -> None:
    stamping_ages(customer.environment, abandoned.requested, timedelta(days=1, minutes=1))
    sweep(customer.environment)
    assert _void_reason(customer, abandoned) == "not_executed"
    [refund_id] = customer.order(abandoned.order)["refunds"]
    wait_until(lambda: customer.applicant.refund_status(refund_id), "confirmed")


def test_a_dead_workers_serials_are_void_after_the_bank_reversed_the_payment(
    customer: Customer, abandoned: Abandoned
) -> None:
    stamping_ages(customer.environment, abandoned.requested, CLAIM_LAPSES)
    customer.charge_back(abandoned.order)
    assert customer.order(abandoned.order)["state"] == "reversed"
    assert _void_reason(customer, abandoned) == "order_reversed"


def _void_reason(customer: Customer, abandoned: Abandoned) -> str:
    found = customer.applicant.stamping(abandoned.requested["stamping_id"])
    assert found["state"] == "void"
    return str(found["void_reason"])


def _signing_waits(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """The key service, which runs in this process, reports each request and answers on a signal."""
    requested, may_answer = threading.Event(), threading.Event()
    sign = KmsBackend.sign

    def sign_later(self: KmsBackend, *args: Any, **named: Any) -> tuple[str, bytes, str]:
        requested.set()
        assert may_answer.wait(timeout=20)
        return sign(self, *args, **named)

    monkeypatch.setattr(KmsBackend, "sign", sign_later)
    return requested, may_answer


def _kill_the_busy_worker(environment: Environment) -> None:
    workers = environment.account.functions["StampFunction"]
    [busy] = workers._all - set(workers._idle)
    busy._process.kill()
    busy._process.wait()
