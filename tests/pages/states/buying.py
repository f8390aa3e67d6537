"""From the answers that are checked to the stamped file."""

from datetime import timedelta
from pathlib import Path

from meterai.domain.stamping.placement import Placement
from tests.applicant.client import wait_until
from tests.e2e.customer import Customer
from tests.e2e.drafts import order_id_of, prepared
from tests.e2e.lane import losing
from tests.e2e.passing_time import order_ages, stamping_ages, sweep
from tests.e2e.test_paused_buying import MINUTE, paused
from tests.pages.states import state
from tests.pages.visitor import Visitor

DOCUMENTS = Path(__file__).parents[2] / "fixtures/documents"
LETTER = (DOCUMENTS / "surat-lamaran.pdf").read_bytes()
SCAN = (DOCUMENTS / "surat-pindai.pdf").read_bytes()
OVER_TEXT = Placement(1, 72.0, 600.0, 76.0)
OVER = timedelta(minutes=20)  # more than an order lasts


def _somebody(visitor: Visitor) -> Customer:
    customer = visitor.world.newcomer()
    visitor.sign_in(customer)
    return customer


def orders(visitor: Visitor, *, way: str = "QRIS", portal: str | None = None) -> str:
    """The address of the draft's pages. It shows how to pay."""
    customer = _somebody(visitor)
    address = prepared(customer, LETTER, SCAN, portal=portal)
    visitor.open(f"{address}/ringkasan")
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.get_by_label(way).check()
    visitor.page.get_by_role("button", name="Bayar").click()
    visitor.page.wait_for_url(f"**{address}/bayar")
    return address


def _pays(visitor: Visitor, address: str) -> None:
    customer = visitor.world.newcomers[-1]
    customer.pay(customer.applicant.order(order_id_of(customer, address)))
    customer.settle()


@state("check answers", "two documents")
def check_answers(visitor: Visitor) -> None:
    address = prepared(_somebody(visitor), LETTER, SCAN)
    visitor.open(f"{address}/ringkasan")


@state("check answers", "for a portal, as many e-meterai bought before")
def check_with_earlier(visitor: Visitor) -> None:
    customer = _somebody(visitor)
    customer.paid_order(2)
    visitor.open(f"{prepared(customer, LETTER, portal='sscasn')}/ringkasan")


@state("check answers", "too few e-meterai bought before")
def check_with_too_few(visitor: Visitor) -> None:
    customer = _somebody(visitor)
    customer.paid_order(1)
    visitor.open(f"{prepared(customer, LETTER, SCAN)}/ringkasan")


@state("check answers", "a document cannot be stamped", once=True)
def check_refused(visitor: Visitor) -> None:
    address = prepared(_somebody(visitor), LETTER, SCAN, place=OVER_TEXT)
    visitor.open(f"{address}/ringkasan")
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.get_by_role("button", name="Bayar").click()
    visitor.page.get_by_role("alert").wait_for()


@state("check answers", "buying is paused")
def check_while_paused(visitor: Visitor) -> None:
    visitor.afterwards.enter_context(paused(visitor.place))
    visitor.open(f"{prepared(_somebody(visitor), LETTER)}/ringkasan")


@state("waiting room", "waiting")
def waiting(visitor: Visitor) -> None:
    visitor.afterwards.enter_context(paused(visitor.place))
    visitor.open(f"{prepared(_somebody(visitor), LETTER)}/antre")


@state("waiting room", "one's turn")
def turn(visitor: Visitor) -> None:
    pause = visitor.afterwards.enter_context(paused(visitor.place))
    address = prepared(_somebody(visitor), LETTER)
    visitor.open(f"{address}/antre")
    pause(MINUTE, -10 * MINUTE)
    visitor.page.reload()


@state("waiting room", "one's turn is over")
def turn_over(visitor: Visitor) -> None:
    pause = visitor.afterwards.enter_context(paused(visitor.place))
    address = prepared(_somebody(visitor), LETTER)
    visitor.open(f"{address}/antre")
    pause(MINUTE, timedelta(0))
    visitor.page.reload()


@state("pay", "QRIS")
def pay_by_qris(visitor: Visitor) -> None:
    orders(visitor)


@state("pay", "virtual account")
def pay_by_virtual_account(visitor: Visitor) -> None:
    orders(visitor, way="Rekening virtual")


@state("pay", "time is over")
def pay_too_late(visitor: Visitor) -> None:
    address = orders(visitor)
    customer = visitor.world.newcomers[-1]
    order = {"order_id": order_id_of(customer, address)}
    order_ages(visitor.place, order, OVER)
    visitor.page.reload()


@state("pay", "expired")
def pay_expired(visitor: Visitor) -> None:
    pay_too_late(visitor)
    sweep(visitor.place)
    visitor.page.reload()


@state("progress", "two documents in the queue")
def progress(visitor: Visitor) -> None:
    address = orders(visitor)
    customer = visitor.world.newcomers[-1]
    order_id = order_id_of(customer, address)
    visitor.afterwards.enter_context(losing(visitor.place, "StampingQueue"))
    customer.pay(customer.applicant.order(order_id))
    wait_until(lambda: customer.applicant.order(order_id), "paid")
    visitor.world.publish_load()
    visitor.open(f"{address}/proses")


@state("stamped files", "two of them")
def stamped_files(visitor: Visitor) -> None:
    address = orders(visitor, portal="sscasn")
    _pays(visitor, address)
    visitor.open(f"{address}/proses")
    for shown in visitor.page.get_by_text("Nomor seri dan sidik jari").all():
        shown.click()


@state("stamped files", "never made, and given back")
def not_stamped(visitor: Visitor) -> None:
    address = orders(visitor)
    customer = visitor.world.newcomers[-1]
    order_id = order_id_of(customer, address)
    with losing(visitor.place, "StampingQueue"):
        customer.pay(customer.applicant.order(order_id))
        order = wait_until(lambda: customer.applicant.order(order_id), "paid")
    for stamping in order["stampings"]:
        stamping_ages(visitor.place, {"stamping_id": stamping}, timedelta(days=2))
    sweep(visitor.place)
    visitor.open(f"{address}/proses")
