"""What one ever did, an order's life, giving back, and a refund's account."""

from tests.applicant.client import wait_until
from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("mine", "nothing yet")
def nothing_yet(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.newcomer())
    visitor.open("/saya")


@state("mine", "an order with a file and a refund")
def everything(visitor: Visitor) -> None:
    world = visitor.world
    assert world.stamping["order_id"] == world.refund["order_id"]
    visitor.sign_in(world.owner)
    visitor.open("/saya")


@state("order", "paid, used and given back")
def paid(visitor: Visitor) -> None:
    world = visitor.world
    assert world.stamping["order_id"] == world.refund["order_id"]
    visitor.sign_in(world.owner)
    visitor.open(f"/saya/pesanan/{world.order['order_id']}")


@state("order", "not paid yet")
def unpaid(visitor: Visitor) -> None:
    buyer = visitor.world.newcomer()
    visitor.sign_in(buyer)
    visitor.open(f"/saya/pesanan/{buyer.applicant.buy(1)['order_id']}")


@state("order", "checked before it is given back")
def check(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.owner)
    visitor.open(f"/saya/pesanan/{visitor.world.order['order_id']}/kembalikan?jumlah=1")


@state("refund", "on its way")
def on_its_way(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.owner)
    visitor.open(f"/saya/pengembalian/{visitor.world.refund['refund_id']}")


@state("refund", "needs an account, and one that was not accepted", once=True)
def needs_account(visitor: Visitor) -> None:
    buyer = visitor.world.newcomer()
    order = buyer.paid_order(1, method="virtual_account")
    refund_id = buyer.applicant.refund(order["order_id"], 1)["refund_id"]
    wait_until(lambda: buyer.applicant.refund_status(refund_id), "needs_account")
    visitor.sign_in(buyer)
    visitor.open(f"/saya/pengembalian/{refund_id}")
    visitor.page.get_by_label("Bank", exact=True).select_option("BCA")
    visitor.page.get_by_label("Nomor rekening").fill("12A")
    visitor.page.get_by_label("Nama pemilik rekening").fill("Sri Wahyuni")
    visitor.page.get_by_role("button", name="ke rekening ini").click()
    visitor.page.get_by_text("dengan angka saja").wait_for()
