"""Pages that wait, with their script: they say how long, survive a lost line, and turn by
themselves."""

import re

from playwright.sync_api import expect

from tests.e2e.drafts import order_id_of
from tests.pages.conftest import NewVisitor
from tests.pages.states.buying import orders

TIME_TO_LOOK_MS = 60_000  # the page looks each 5 s, and less often after a failure


def test_a_page_to_pay_survives_a_lost_line_and_turns_when_the_money_is_there(
    new_visitor: NewVisitor,
) -> None:
    visitor = new_visitor()
    address = orders(visitor)
    customer, page = visitor.world.newcomers[-1], visitor.page
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"sisa 1[0-5]:\d\d"))

    visitor.context.set_offline(True)
    expect(page.get_by_role("status")).to_have_text(
        "Koneksi terputus. Kami mencoba lagi.", timeout=TIME_TO_LOOK_MS
    )
    customer.pay(customer.applicant.order(order_id_of(customer, address)))
    customer.settle()
    visitor.context.set_offline(False)

    page.wait_for_url(f"**{address}/berkas", timeout=TIME_TO_LOOK_MS)
    assert page.get_by_role("link", name="Unduh PDF").count() == 2


def test_a_number_is_copied_by_its_button(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    orders(visitor, way="Rekening virtual")
    visitor.context.grant_permissions(["clipboard-read", "clipboard-write"])
    number = visitor.page.locator("#nomor").inner_text()

    visitor.page.get_by_role("button", name="Salin").click()
    expect(visitor.page.get_by_role("button", name="Tersalin")).to_be_visible()
    assert visitor.page.evaluate("navigator.clipboard.readText()") == number
