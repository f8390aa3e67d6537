"""Drafts, their documents, and placing the e-meterai."""

from tests.e2e.drafts import prepared
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.pages.states import state
from tests.pages.visitor import Visitor

COVERING = "hal=1&besar=1.5&x=200&y=400&sisi=72"


def draft_of(visitor: Visitor, *documents: bytes, placed: bool = False) -> str:
    """Of a newcomer, who is signed in."""
    newcomer = visitor.world.newcomer()
    visitor.sign_in(newcomer)
    return prepared(newcomer, *documents, placed=placed)


@state("drafts", "one not finished")
def one_not_finished(visitor: Visitor) -> None:
    draft_of(visitor, LETTER.read_bytes())
    visitor.open("/saya/pengajuan")


@state("draft", "ready")
def ready(visitor: Visitor) -> None:
    visitor.open(draft_of(visitor, LETTER.read_bytes(), placed=True))


@state("draft", "a file that never arrived")
def never_arrived(visitor: Visitor) -> None:
    visitor.open(f"{draft_of(visitor, LETTER.read_bytes())}/unggahan?key=x", status=422)


@state("draft", "two files sent by the script", once=True)
def by_script(visitor: Visitor) -> None:
    visitor.sign_in(visitor.world.newcomer())
    visitor.open("/saya/pengajuan")
    visitor.page.get_by_role("button", name="Mulai").click()
    visitor.page.locator("#file[multiple]").set_input_files([LETTER, SCAN])  # by the script
    visitor.page.get_by_role("button", name="Unggah").click()
    visitor.page.get_by_role("link", name="surat-pindai.pdf").first.wait_for()


@state("document", "good, sent by the script", once=True)
def good(visitor: Visitor) -> None:
    visitor.open(draft_of(visitor, document()))
    visitor.page.get_by_label("Tambah").set_input_files(LETTER)
    visitor.page.get_by_role("button", name="Unggah").click()
    visitor.page.get_by_text("dapat dibubuhi e-meterai").wait_for()


@state("document", "damaged")
def damaged(visitor: Visitor) -> None:
    visitor.open(f"{draft_of(visitor, b'From: scanner' + LETTER.read_bytes())}/dokumen/1")


@state("document", "placed")
def placed(visitor: Visitor) -> None:
    visitor.open(f"{draft_of(visitor, LETTER.read_bytes(), placed=True)}/dokumen/1")


@state("place", "where it is suggested")
def suggested(visitor: Visitor) -> None:
    visitor.open(f"{draft_of(visitor, LETTER.read_bytes())}/dokumen/1/tempat")


@state("place", "covers text, larger")
def covers_text(visitor: Visitor) -> None:
    visitor.open(f"{draft_of(visitor, LETTER.read_bytes())}/dokumen/1/tempat?{COVERING}")


@state("place", "one of three pages, no number")
def no_number(visitor: Visitor) -> None:
    pages = document(Shape(), Shape(), Shape())
    place = f"{draft_of(visitor, pages)}/dokumen/1/tempat"
    visitor.open(f"{place}?hal=2&kiri=satu&atas=1&ukuran=25")


@state("place", "moved by the arrow keys", once=True)
def by_keys(visitor: Visitor) -> None:
    visitor.open(f"{draft_of(visitor, LETTER.read_bytes())}/dokumen/1/tempat")
    before = visitor.page.locator("#letak").inner_text()
    view = visitor.page.locator("#gambar")
    view.focus()
    view.press("Shift+ArrowLeft")
    visitor.page.wait_for_function(
        "before => document.getElementById('letak').innerText !== before", arg=before
    )
    visitor.page.wait_for_function("() => !document.querySelector('[aria-busy]')")
