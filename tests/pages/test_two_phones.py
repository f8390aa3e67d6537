"""A draft is begun on one phone and taken up on another at each step, with script and without.

Each page is loaded again, the button that orders is pressed twice, and the way back is tried.
"""

from playwright.sync_api import Page, expect

from tests.e2e.drafts import order_id_of
from tests.fixtures.documents.remake import LETTER
from tests.pages.conftest import NewVisitor

TIME_TO_LOOK_MS = 60_000


def test_each_step_is_taken_up_on_the_other_phone(new_visitor: NewVisitor) -> None:
    first, second = new_visitor(), new_visitor(has_script=False)
    customer = first.world.newcomer()
    first.sign_in(customer)
    second.sign_in(customer)
    one, other = first.page, second.page

    first.open("/saya/pengajuan")
    one.get_by_role("button", name="Mulai").tap()
    one.wait_for_url("**/saya/pengajuan/drf_*")
    address = one.url.removeprefix(first.origin)

    second.open("/saya/pengajuan")
    other.get_by_role("link", name="Belum ada dokumen").tap()
    other.get_by_label("Berkas").set_input_files(LETTER)
    other.get_by_role("button", name="Unggah").tap()
    _loaded_again(other, f"{address}/dokumen/1")

    one.reload()
    one.get_by_role("link", name="Periksa dan pilih tempat").tap()
    one.get_by_role("link", name="Pilih tempat e-meterai").tap()
    _loaded_again(one, f"{address}/dokumen/1/tempat")
    one.get_by_role("button", name="Pakai tempat ini").tap()
    one.wait_for_url(f"**{address}")

    other.get_by_role("link", name="Semua dokumen").tap()
    _loaded_again(other, address)
    other.get_by_role("button", name="Lanjut").tap()
    _loaded_again(other, f"{address}/ringkasan")

    first.open(f"{address}/ringkasan")
    one.get_by_role("button", name="Bayar Rp10.000").dblclick()
    _loaded_again(one, f"{address}/bayar")
    [order] = customer.applicant.get("/v1/orders")["orders"]

    other.get_by_role("button", name="Bayar Rp10.000").tap()  # a page that is left open
    other.wait_for_url(f"**{address}/bayar")
    assert customer.applicant.get("/v1/orders")["orders"] == [order]
    customer.pay(customer.applicant.order(order_id_of(customer, address)))
    customer.settle()

    one.wait_for_url(f"**{address}/berkas", timeout=TIME_TO_LOOK_MS)
    other.reload()
    for page in (one, other):
        _loaded_again(page, f"{address}/berkas")
        expect(page.get_by_role("link", name="Unduh PDF")).to_be_visible()
        page.go_back()
        page.reload()
        expect(page.get_by_role("button", name="Bayar")).to_have_count(0)
    assert len(customer.applicant.get("/v1/orders")["orders"]) == 1


def _loaded_again(page: Page, path: str) -> None:
    """It stays where it is."""
    page.wait_for_url(f"**{path}")
    page.reload()
    assert page.url.endswith(path)
