"""KMS does not answer for a while: nothing is spent, and the stamp comes when it is back."""

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


def test_what_kms_did_not_sign_is_stamped_when_it_answers_again(customer: Customer) -> None:
    order = customer.paid_order()
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(KmsBackend, "sign", _fail)
        requested = customer.request(order)
        customer.settle()
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"

    stamping_ages(customer.place, requested, CLAIM_LAPSES)
    sweep(customer.place)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"
    assert customer.balance(order)["stamped"] == 1


def _fail(*_: Any, **__: Any) -> None:
    raise _KmsIsDownError
