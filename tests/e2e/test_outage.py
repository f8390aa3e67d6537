"""KMS does not answer for a while: nothing is used up, and the stamp is made when it is back."""

from typing import Any

import pytest
from moto.core.exceptions import JsonRESTError
from moto.kms.models import KmsBackend

from tests.e2e.customer import Customer
from tests.e2e.passing_time import stamping_ages, sweep
from tests.e2e.test_crash import CLAIM_LAPSES


class _KmsIsDownError(JsonRESTError):
    code = 500

    def __init__(self) -> None:
        super().__init__("KMSInternalException", "try again later")


def test_a_stamping_during_the_outage_is_stamped_when_kms_answers_again(customer: Customer) -> None:
    order = customer.paid_order()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(KmsBackend, "sign", _fail)
        requested = customer.request(order)
        customer.settle()
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"

    stamping_ages(customer.environment, requested, CLAIM_LAPSES)
    sweep(customer.environment)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"
    assert customer.balance(order)["stamped"] == 1


def _fail(*_: Any, **__: Any) -> None:
    raise _KmsIsDownError
