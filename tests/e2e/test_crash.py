"""A worker dies in the middle of its work, as an instance that runs out of memory does."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from moto.kms.models import KmsBackend

from tests.e2e.customer import Customer
from tests.e2e.passing_time import stamping_ages, sweep
from tests.e2e.refusal import Refusal, refusal
from tests.local.neighbourhood import Neighbourhood


def test_a_worker_that_dies_while_it_signs_leaves_its_work_to_another(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = customer.paid_order()
    asked_to_sign, is_dead = _signing_waits(monkeypatch)
    requested = customer.request(order)
    assert asked_to_sign.wait(timeout=20)
    _kill_the_busy_worker(customer.place)
    is_dead.set()
    monkeypatch.undo()
    customer.settle()

    # The message came again, and found the e-meterai claimed: somebody might still hold it.
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"
    refund = customer.applicant.ask(
        "POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 1}
    )
    in_stamping = Refusal(409, "in_stamping", {"order_id": order["order_id"]})
    assert refusal(refund) == in_stamping

    stamping_ages(customer.place, requested, timedelta(minutes=10))
    sweep(customer.place)
    stamped = customer.applicant.stamping(requested["stamping_id"])
    assert stamped["state"] == "stamped"
    content = customer.applicant.open(stamped["download_url"]).content
    verdict = customer.applicant.verify(customer.applicant.upload(content))
    assert verdict["verdict"] == "genuine"
    assert customer.balance(order)["stamped"] == 1


def _signing_waits(monkeypatch: pytest.MonkeyPatch) -> tuple[threading.Event, threading.Event]:
    """The key service, which runs in this process, says when it is asked, and answers when told."""
    asked, may_answer = threading.Event(), threading.Event()
    sign = KmsBackend.sign

    def sign_later(self: KmsBackend, *args: Any, **named: Any) -> tuple[str, bytes, str]:
        asked.set()
        assert may_answer.wait(timeout=20)
        return sign(self, *args, **named)

    monkeypatch.setattr(KmsBackend, "sign", sign_later)
    return asked, may_answer


def _kill_the_busy_worker(place: Neighbourhood) -> None:
    workers = place.account.functions["StampFunction"]
    [busy] = workers._all - set(workers._idle)
    busy._process.kill()
    busy._process.wait()
