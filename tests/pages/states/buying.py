"""From the answers that are checked to the stamped files."""

from datetime import timedelta

from tests.e2e.customer import Customer, letter
from tests.e2e.drafts import order_id_of, prepared
from tests.e2e.lane import losing
from tests.e2e.passing_time import order_ages
from tests.e2e.test_paused_buying import MINUTE, paused
from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("check answers", "two documents")
def answers(visitor: Visitor) -> None:
    _at_answers(visitor, letter(1), letter(2))


@state("check answers", "e-meterai from before")
def answers_with_unused(visitor: Visitor) -> None:
    customer, address = _prepared(visitor, letter(1))
    customer.paid_order(1)
    visitor.open(f"{address}/ringkasan")


@state("waiting room", "in line")
def in_line(visitor: Visitor) -> None:
    visitor.afterwards.enter_context(paused(visitor.place))
    _at_answers(visitor)
    visitor.page.get_by_role("button", name="Masuk antrean").tap()
    visitor.page.get_by_text("Orang di depan Anda").wait_for()


@state("waiting room", "one's turn")
def turn(visitor: Visitor) -> None:
    pause = visitor.afterwards.enter_context(paused(visitor.place))
    _at_answers(visitor)
    visitor.page.get_by_role("button", name="Masuk antrean").tap()
    visitor.page.get_by_text("Orang di depan Anda").wait_for()
    pause(MINUTE, -10 * MINUTE)
    visitor.page.reload()
    visitor.page.get_by_role("heading", name="Sekarang giliran Anda").wait_for()


@state("pay", "QRIS")
def pay_by_qris(visitor: Visitor) -> None:
    _at_code(visitor, "QRIS")


@state("pay", "virtual account")
def pay_to_an_account(visitor: Visitor) -> None:
    _at_code(visitor, "Rekening virtual")


@state("pay", "time is up")
def late(visitor: Visitor) -> None:
    customer, address = _at_code(visitor, "QRIS")
    order_ages(visitor.place, {"order_id": order_id_of(customer, address)}, timedelta(minutes=20))
    visitor.page.reload()
    visitor.page.get_by_role("heading", name="Waktu membayar habis").wait_for()


@state("progress", "in the queue")
def progress(visitor: Visitor) -> None:
    """Stamped with what was bought before, so that the message is sent before the page is shown."""
    answers_with_unused(visitor)
    with losing(visitor.place, "StampingQueue"):
        visitor.page.get_by_role("button", name="Pakai e-meterai").tap()
        visitor.page.get_by_role("heading", name="Sedang dibubuhi").wait_for()


@state("files", "stamped")
def files(visitor: Visitor) -> None:
    customer, address = _at_code(visitor, "QRIS")
    _pay(customer, address)
    visitor.open(f"{address}/bayar")
    visitor.page.get_by_role("heading", name="sudah bermeterai").wait_for()


def _prepared(visitor: Visitor, *documents: bytes) -> tuple[Customer, str]:
    customer = visitor.world.newcomer()
    visitor.sign_in(customer)
    return customer, prepared(customer, *documents)


def _at_answers(visitor: Visitor, *documents: bytes) -> tuple[Customer, str]:
    customer, address = _prepared(visitor, *documents)
    visitor.open(f"{address}/ringkasan")
    return customer, address


def _at_code(visitor: Visitor, method: str) -> tuple[Customer, str]:
    customer, address = _at_answers(visitor)
    visitor.page.get_by_label(method).check()
    visitor.page.get_by_role("button", name="Bayar Rp").tap()
    visitor.page.wait_for_url("**/bayar")
    return customer, address


def _pay(customer: Customer, address: str) -> None:
    customer.pay(customer.applicant.order(order_id_of(customer, address)))
    customer.settle()
