"""Whatever a file is called: pages show it as text, and are no wider for it."""

from tests.fixtures.documents.remake import LETTER
from tests.pages.chromium import PHONE
from tests.pages.conftest import NewVisitor

NAME = "surat <b>tebal<i> \u202efdp.exe سيرة ذاتية " + "w" * 160 + ".pdf"


def test_names_of_files_fit_and_are_only_text(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    visitor.sign_in(visitor.world.newcomer())
    page = visitor.page
    visitor.open("/saya/pengajuan")
    page.get_by_role("button", name="Mulai").tap()
    page.wait_for_url("**/saya/pengajuan/drf_*")
    address = page.url.removeprefix(visitor.origin)
    page.get_by_label("Berkas").set_input_files(
        {"name": NAME, "mimeType": "application/pdf", "buffer": LETTER.read_bytes()}
    )
    page.get_by_role("button", name="Unggah").tap()
    page.wait_for_url(f"**{address}/dokumen/1")
    visitor.open(f"{address}/dokumen/1/tempat")
    page.get_by_role("button", name="Pakai tempat ini").tap()
    page.wait_for_url(f"**{address}")

    for path in ("/saya/pengajuan", address, f"{address}/dokumen/1/tempat", f"{address}/ringkasan"):
        visitor.open(path)
        shown = page.locator("bdi", has_text="surat <b>").first
        assert shown.locator("b").count() == 0
        assert "\u202e" not in page.locator("main").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE.width, path
        assert shown.evaluate("one => getComputedStyle(one).unicodeBidi") == "isolate"
