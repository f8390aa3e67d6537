"""Serials are read off the drawn pages, within limits, and never decide whether a file is read."""

from io import BytesIO

import pypdfium2
import pytest
from PIL import Image

from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.rendering import qr_codes
from meterai.pdf.rendering.qr_codes import read_qr_serials
from tests.fixtures.documents.hostile import HOSTILE
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.qr_pages import qr_pages
from tests.fixtures.documents.refused import encrypted
from tests.integration.pdf.stamping import a_spec, serial, stamped

STAMPED = stamped(document(), a_spec(1), a_spec(2, Placement(1, 100, 600, 54)))


def screenshot(content: bytes, *, dpi: float, turned: float = 0, scale: float = 1) -> bytes:
    """The first page as a JPEG picture on a page of its own."""
    with pypdfium2.PdfDocument(content) as opened:
        opened.init_forms()
        picture = opened[0].render(scale=dpi / 72).to_pil().convert("RGB")
    tilted = picture.rotate(turned, fillcolor="white", resample=Image.Resampling.BICUBIC)
    made = BytesIO()
    tilted.save(made, "PDF", resolution=dpi / scale, quality=75)
    return made.getvalue()


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(STAMPED, id="stamped"),
        pytest.param(screenshot(STAMPED, dpi=150), id="a picture of the page"),
        pytest.param(screenshot(STAMPED, dpi=200, turned=2), id="tilted"),
        pytest.param(screenshot(STAMPED, dpi=300, scale=0.7), id="smaller"),
        pytest.param(screenshot(STAMPED, dpi=110, scale=1.3), id="larger"),
    ],
)
def test_the_serials_that_a_page_shows_are_read(shown: bytes) -> None:
    assert set(read_qr_serials(shown)) == {serial(1), serial(2)}


def test_a_code_is_read_upside_down_too() -> None:
    assert read_qr_serials(qr_pages(serial(1), turned=True)) == (serial(1),)


def test_a_file_without_serials_or_that_cannot_be_drawn_has_none() -> None:
    others = [document(), document()[:90], encrypted(user="rahasia"), b"", b"%PDF-1.7"]
    assert [read_qr_serials(one) for one in others] == [()] * len(others)


@pytest.mark.parametrize(
    "name", ["bombs within bombs", "a bomb in a page's contents", "a million annotations"]
)
def test_a_hostile_file_has_none(name: str) -> None:
    assert read_qr_serials(HOSTILE[name]()) == ()


def test_pages_are_read_from_both_ends_up_to_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_qr_serials(qr_pages(*map(serial, range(5)))) == tuple(map(serial, (4, 0, 3, 1, 2)))
    monkeypatch.setattr(qr_codes, "MAX_PAGES", 3)
    assert read_qr_serials(qr_pages(*map(serial, range(5)))) == tuple(map(serial, (4, 0, 3)))


def test_a_page_of_any_size_is_drawn_with_a_limit_of_dots() -> None:
    """14,400 points at 150 dpi would be 900 million dots."""
    huge = qr_pages(serial(1), module_pt=60).replace(b"595.28 841.89", b"14400 14400")
    assert read_qr_serials(huge) == (serial(1),)


def test_what_takes_too_long_leaves_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qr_codes, "MAX_CPU_SECONDS", 0.0)
    assert read_qr_serials(qr_pages(serial(1), serial(2))) == (serial(2),)


def test_preflight_names_the_pictures_and_not_the_stamps() -> None:
    inspect = PdfPreflight(portal_limit_bytes=8_000_000)
    copied = screenshot(STAMPED, dpi=150)
    (finding,) = [
        one
        for one in inspect(
            stamped(copied, a_spec(1)), (), allow_overlap=True, pictures=True
        ).findings
        if one.code == "pictured_emeterai"
    ]
    assert finding.values == {"serials": serial(2)}
    plain = inspect(STAMPED, [PointPlacement(1, 400, 20, 54)], allow_overlap=True, pictures=True)
    assert plain.findings == ()
    quick = inspect(copied, (), allow_overlap=True).findings
    assert "pictured_emeterai" not in {one.code for one in quick}
