"""A flood of previews that take long: others are served meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.e2e.conftest import INSTANCES, UNRESERVED, NewCustomer
from tests.e2e.customer import Customer, letter
from tests.integration.local.asking import eventually

FLOOD = 3


def test_slow_previews_delay_nobody_who_buys_uploads_and_reads(
    customer: Customer, new_customer: NewCustomer
) -> None:
    """They run in a share of their own, and fill no place of the functions that reserve none."""
    assert FLOOD > INSTANCES["PreviewFunction"] >= UNRESERVED
    functions = customer.environment.account.functions
    body = {"document": customer.applicant.upload(letter()), "placements": [{"at": "auto"}]}
    customer.settle()
    other = new_customer()
    with ExitStack() as flood:
        threads = flood.enter_context(ThreadPoolExecutor(FLOOD))
        with functions["InspectFunction"].occupied():
            previews = [threads.submit(customer.applicant.preview, body) for _ in range(FLOOD)]
            # All of them, and the questions of those that run.
            asked = FLOOD + INSTANCES["PreviewFunction"]
            eventually(lambda: functions.activity()[1] >= asked or None)

            order = other.applicant.buy(1)
            assert other.order(order)["state"] == "pending"
            assert other.applicant.get("/v1/orders")["orders"]
            other.applicant.upload(letter(2))
            assert not any(preview.done() for preview in previews)
        assert {preview.result().status for preview in previews} == {200}
