"""KMS does not answer for a while: nothing is used up, and the stamp is made when it is back."""

from tests.e2e.customer import Customer
from tests.e2e.passing_time import stamping_ages, sweep
from tests.e2e.test_crash import CLAIM_LAPSES
from tests.local.outages import KMS


def test_a_stamping_during_the_outage_is_stamped_when_kms_answers_again(customer: Customer) -> None:
    order = customer.paid_order()
    outages = customer.environment.account.outages
    assert outages is not None
    outages.begin(KMS, for_s=600)
    try:
        requested = customer.request(order)
        customer.settle()
    finally:
        outages.end(KMS)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "reserved"

    stamping_ages(customer.environment, requested, CLAIM_LAPSES)
    sweep(customer.environment)
    assert customer.applicant.stamping(requested["stamping_id"])["state"] == "stamped"
    assert customer.balance(order)["stamped"] == 1
