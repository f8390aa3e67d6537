"""What somebody did and has."""

from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("mine", "nothing yet")
def nothing(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.newcomer())
    visitor.open("/saya")


@state("mine", "a file and refunds")
def history(visitor: Visitor) -> None:
    assert visitor.world.stamping
    assert visitor.world.waiting_refund
    visitor.sign_in(visitor.world.owner)
    visitor.open("/saya")


@state("order", "to be paid")
def unpaid(visitor: Visitor) -> None:
    customer = visitor.world.newcomer()
    order = customer.applicant.buy(2)
    visitor.sign_in(customer)
    visitor.open(f"/saya/pesanan/{order['order_id']}")


@state("order", "with a file and refunds")
def order(visitor: Visitor) -> None:
    assert visitor.world.stamping
    assert visitor.world.waiting_refund
    visitor.sign_in(visitor.world.owner)
    visitor.open(f"/saya/pesanan/{visitor.world.order['order_id']}")


@state("give back", "the last one")
def give_back(visitor: Visitor) -> None:
    order(visitor)
    visitor.page.get_by_role("button", name="Lanjut: periksa dulu").tap()
    visitor.page.wait_for_url("**/kembalikan?**")


@state("refund", "done")
def refund(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.owner)
    visitor.open(f"/saya/pengembalian/{visitor.world.refund['refund_id']}")


@state("refund", "on its way")
def waiting_refund(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.owner)
    visitor.open(f"/saya/pengembalian/{visitor.world.waiting_refund['refund_id']}")


@state("refund", "needs an account")
def needs_account(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.owner)
    visitor.open(f"/saya/pengembalian/{visitor.world.homeless_refund['refund_id']}")


@state("refund", "account not accepted", once=True)
def wrong_account(visitor: Visitor) -> None:
    needs_account(visitor)
    visitor.page.get_by_label("Nomor rekening").fill("12ab")
    visitor.page.get_by_role("button", name="Kirim").tap()
    visitor.page.get_by_text("Rekening belum diterima").wait_for()


@state("receipt", "of a deadline")
def receipt(visitor: Visitor) -> None:
    world = visitor.world
    stamped = world.stamping["stamping_id"]
    outcome = world.place.account.fire_schedule("RenewReceiptKeyFunction")
    assert outcome.error_type is None, outcome.payload
    visitor.sign_in(world.owner)
    visitor.open(f"/saya/tanda-terima/{stamped}")
