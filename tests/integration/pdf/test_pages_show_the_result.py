"""The picture on which somebody places their e-meterai is, point for point, what is stamped."""

import base64
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image, ImageChops

from meterai.aws.inspection import InspectedPlaceSuggester, InspectedPreflight, InspectedPreviewer
from meterai.container import container
from meterai.domain.stamping.inspections import FileAddress, Question
from meterai.pdf.inspections import PdfInspector
from meterai.pdf.preflight.unsigned_stamps import placeholder_serials
from meterai.pdf.rendering.render import render_page
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.plain import A4, Shape, document
from tests.fixtures.documents.remake import LETTER
from tests.integration.pdf.stamping import HOST, stamped
from tests.unit.pages.applying import DRAFT, begun, only_document, uploaded
from tests.unit.pages.browser import Browser, open_browser
from tests.unit.pages.test_placing_page import picture, square

HERE = f"{DRAFT}/dokumen/1/tempat"


@pytest.fixture
def browser() -> Iterator[Browser]:
    """In front of the real inspector."""
    with open_browser() as opened:
        inspector = PdfInspector(800_000, HOST)

        def ask(file: FileAddress, question: Question) -> object:
            return inspector(opened.app.ports.documents.at(file), question)

        with container.overriding(
            preflight=InspectedPreflight(ask),
            previewer=InspectedPreviewer(ask),
            place_suggester=InspectedPlaceSuggester(ask),
        ):
            yield opened


@pytest.mark.parametrize(
    ("content", "move"),
    [
        (LETTER.read_bytes(), ""),
        (LETTER.read_bytes(), "&sudut=kiri-bawah&x=1&y=1&sisi=60"),
        (
            document(Shape(media_box=(-50, 120, 250, 520), rotate=90, user_unit=2.5)),
            "&tap.x=90&tap.y=60",
        ),
        (document(Shape(media_box=(0, 0, 14_173, A4[3]))), ""),
    ],
    ids=["suggested", "corner", "turned", "five metres"],
)
def test_what_is_shown_is_what_is_stamped(browser: Browser, content: bytes, move: str) -> None:
    begun(browser, uploaded(browser, content))
    page = browser.get(f"{HERE}?hal=1{move}")
    assert browser.post(HERE, **square(page)).to == DRAFT

    shown = Image.open(BytesIO(base64.b64decode(browser.get(picture(page)).html)))
    place = only_document(browser).placement
    assert place is not None
    [serial] = placeholder_serials([place])
    made = stamped(content, StampSpec(serial, place, "-"))
    result = Image.open(BytesIO(render_page(made, 0, dpi=_dpi(picture(page)))))
    assert shown.size == result.size
    assert ImageChops.difference(shown.convert("RGB"), result.convert("RGB")).getbbox() is None


def _dpi(address: str) -> int:
    return int(address.split("dpi=")[1].split("&", maxsplit=1)[0])
