"""A flood of what takes long: others are served meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from tests.applicant.client import Applicant
from tests.e2e.conftest import INSTANCES, UNRESERVED, NewCustomer
from tests.e2e.customer import Customer, letter
from tests.e2e.drafts import prepared
from tests.e2e.own_pages import OwnPages
from tests.e2e.test_public_check import sent
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


def test_slow_checks_and_sign_ins_delay_nobody_who_buys_on_the_pages(customer: Customer) -> None:
    """Anybody may send them, without an account: they run in shares of their own."""
    environment, functions = customer.environment, customer.environment.account.functions
    assert FLOOD > INSTANCES["CheckPagesFunction"] >= UNRESERVED
    anybody = Applicant(environment.account.api_url, token=None)
    result = sent(anybody, letter(3))
    pages, address = OwnPages.of(customer), prepared(customer, letter(4))
    customer.settle()
    with ExitStack() as flood:
        threads = flood.enter_context(ThreadPoolExecutor(2 * FLOOD))
        flood.enter_context(functions["SignInFunction"].occupied())
        with functions["InspectFunction"].occupied():
            checks = [threads.submit(anybody.open, result) for _ in range(FLOOD)]
            sign_ins = [threads.submit(anybody.ask, "GET", "/masuk") for _ in range(FLOOD)]
            asked = 2 * FLOOD + INSTANCES["CheckPagesFunction"]
            eventually(lambda: functions.activity()[1] >= asked or None)

            assert "Rp10.000" in pages.text(f"{address}/ringkasan")
            assert "Unggah dokumen Anda" in pages.text(pages.send("/saya/pengajuan"))
            assert customer.applicant.get("/v1/orders")["orders"] == []
            customer.applicant.upload(letter(5))
            assert not any(one.done() for one in (*checks, *sign_ins))
        assert {one.result().status for one in checks} == {200}
    assert {one.result().status for one in sign_ins} == {303}
