"""Placing: a picture that is tapped, steps, corners, numbers, and what would be covered."""

import re
from html import unescape

import pytest

from meterai.domain.stamping.placement import Placement
from tests.fakes.stamper import DAMAGED, TEXT_BOX
from tests.unit.pages.applying import DRAFT, PLACE, begun, only_document, stored, uploaded
from tests.unit.pages.browser import Browser, Page

HERE = f"{DRAFT}/dokumen/1/tempat"
ON_TEXT = {"hal": "1", "x": str(TEXT_BOX[0]), "y": str(TEXT_BOX[1]), "sisi": "72"}


@pytest.fixture(autouse=True)
def with_a_letter(browser: Browser) -> None:
    begun(browser, uploaded(browser))


def square(page: Page) -> dict[str, str]:
    """What the form that chooses it would send."""
    form = page.html[page.html.index('id="pilih"') :]
    return {
        name: re.search(f'name="{name}" value="([^"]*)"', form)[1]  # type: ignore[index]
        for name in ("dokumen", "hal", "x", "y", "sisi")
    }


def picture(page: Page) -> str:
    [address] = re.findall(r'src="([^"]*/gambar[^"]*)"', page.html)
    return unescape(address)


def asked(**query: str) -> str:
    return f"{HERE}?" + "&".join(f"{name}={value}" for name, value in query.items())


def test_the_suggested_place_is_shown_first_and_one_click_chooses_it(browser: Browser) -> None:
    page = browser.get(HERE)
    assert "Di dekat “Hormat saya”" in page.text
    assert "Halaman 3 dari 3: 120 mm dari kiri, 193 mm dari atas." in page.text

    chosen = browser.post(HERE, **square(page))

    assert chosen.to == DRAFT
    assert only_document(browser).placement == Placement(3, 340, 222, 72)
    assert "Tempat ini sudah Anda pilih." in browser.get(HERE).text


def test_the_picture_is_of_the_square_that_the_form_would_choose(browser: Browser) -> None:
    page = browser.get(asked(hal="2", besar="1.5", x="100", y="200", sisi="80"))

    assert "hal=2" in picture(page)
    assert "x=100.00&y=200.00&sisi=80.00" in picture(page)
    assert 'width="480" height="679"' in page.html
    shown = browser.get(picture(page))
    assert shown.headers["Content-Type"] == "image/png"
    assert shown.headers["Cache-Control"] == "private, max-age=3600"


@pytest.mark.parametrize("zoom", ["1", "1.5", "2"])
def test_a_tap_is_the_middle_of_the_square_at_each_zoom(browser: Browser, zoom: str) -> None:
    half = str(round(160 * float(zoom)))
    tap = {"tap.x": half, "tap.y": half}
    page = browser.get(asked(hal="2", besar=zoom, x="0", y="0", sisi="72", **tap))

    assert float(square(page)["x"]) == pytest.approx(261.64, abs=0.1)
    assert float(square(page)["y"]) == pytest.approx(841.89 - 297.64 - 36, abs=1)


def test_a_picture_that_is_pressed_by_a_key_puts_it_in_the_middle(browser: Browser) -> None:
    page = browser.get(asked(hal="2", x="0", y="0", sisi="72", **{"tap.x": "0", "tap.y": "0"}))

    assert (square(page)["x"], square(page)["y"]) == ("261.64", "384.94")


@pytest.mark.parametrize(
    ("move", "moved"),
    [
        ({"geser": "kanan-1"}, ("102.83", "100.00")),
        ({"geser": "atas-10"}, ("100.00", "128.35")),
        ({"sudut": "kiri-bawah"}, ("36.00", "36.00")),
        ({"kiri": "10", "atas": "10,5", "ukuran": "25,4"}, ("28.35", "740.13")),
        ({"geser": "kanan-99"}, ("100.00", "100.00")),
        ({"sudut": "tengah"}, ("100.00", "100.00")),
        ({"tap.x": "satu", "tap.y": "2"}, ("100.00", "100.00")),
    ],
    ids=str,
)
def test_a_move_is_applied_to_the_square_in_the_address(
    browser: Browser, move: dict[str, str], moved: tuple[str, str]
) -> None:
    page = browser.get(asked(hal="2", x="100", y="100", sisi="72", **move))

    assert (square(page)["x"], square(page)["y"]) == moved


def test_what_is_no_number_is_said_at_the_fields_and_moves_nothing(browser: Browser) -> None:
    numbers = {"kiri": "sepuluh", "atas": "1", "ukuran": "25"}
    page = browser.get(asked(hal="2", x="100", y="100", sisi="72", **numbers))

    assert "Isi dengan angka milimeter" in page.text
    assert square(page)["x"] == "100.00"


@pytest.mark.parametrize("page_number", ["0", "4", "999999", "-1", "x"])
def test_a_page_that_is_not_there_shows_one_that_is(browser: Browser, page_number: str) -> None:
    assert "Halaman 3 dari 3" in browser.get(asked(hal=page_number)).text


@pytest.mark.parametrize("forged", ["nan", "1e99", "", "%3Cb%3E"])
def test_a_forged_square_in_the_address_is_no_square(browser: Browser, forged: str) -> None:
    page = browser.get(asked(hal="2", x=forged, y="1", sisi="72"))

    assert square(page)["x"] == "340.00"


def test_covered_text_is_named_and_takes_leave_of_its_own(browser: Browser) -> None:
    page = browser.get(asked(**ON_TEXT))
    assert "E-meterai akan menutupi tulisan “ Hormat saya ”" in page.text
    assert 'class="wrong-place"' in page.html
    assert "Pakai saran kami" in page.text

    without_leave = browser.post(HERE, dokumen=only_document(browser).sha256, **ON_TEXT)
    assert without_leave.to.startswith(f"{HERE}?hal=1&")
    assert only_document(browser).placement is None

    browser.post(HERE, tutupi="ya", **square(page))
    assert only_document(browser).allow_overlap is True
    assert stored(browser).is_ready


def test_a_form_of_another_tab_names_its_document_by_hash(browser: Browser) -> None:
    """Meanwhile the first document was removed, so that the second is the first now."""
    second = uploaded(browser, b"%PDF-1.7 pernyataan")
    gone = only_document(browser)
    begun(browser, second)
    fields = {"hal": "2", "x": "100", "y": "100", "sisi": "72"}

    browser.post(f"{DRAFT}/dokumen/2/tempat", dokumen=second.sha256, **fields)
    assert only_document(browser).placement == PLACE
    assert browser.post(HERE, dokumen=gone.sha256, **fields).to == DRAFT
    assert only_document(browser).placement == PLACE


@pytest.mark.parametrize(
    "forged", [{"x": "nan"}, {"hal": "0"}, {"hal": "77"}, {"sisi": "300"}, {"y": "-1"}], ids=str
)
def test_a_forged_choice_chooses_nothing(browser: Browser, forged: dict[str, str]) -> None:
    fields = {"dokumen": only_document(browser).sha256, "hal": "2", "x": "1", "y": "1"}

    page = browser.post(HERE, **{**fields, "sisi": "72", **forged})

    assert page.to.startswith(HERE)
    assert only_document(browser).placement is None


def test_a_document_that_cannot_be_placed_says_why_on_its_own_page(browser: Browser) -> None:
    begun(browser, uploaded(browser, b"%PDF-1.7 " + DAMAGED))
    assert browser.get(HERE).to == f"{DRAFT}/dokumen/1"

    begun(browser, uploaded(browser, b"%PDF-1.7 " + DAMAGED, repair=True))
    assert "baik=1" in picture(browser.get(HERE))


def test_what_is_ordered_is_placed_no_more(browser: Browser) -> None:
    begun(browser, uploaded(browser, placement=PLACE, stamping="S"))
    fields = {"dokumen": only_document(browser).sha256, "hal": "1", "x": "1", "y": "1"}

    assert browser.get(HERE).to == DRAFT
    assert browser.post(HERE, sisi="72", **fields).to == DRAFT
    assert only_document(browser).placement == PLACE


def test_a_picture_is_of_the_document_that_its_address_names(browser: Browser) -> None:
    address = f"{DRAFT}/dokumen/1/gambar"
    assert browser.get(f"{address}?hal=1").headers["Cache-Control"] == "no-store"
    assert browser.get(f"{address}?hal=1&d=000000000000").status == 404
    assert browser.get(f"{address}?hal=0").status == 404
    assert browser.get(f"{address}?hal=99").status == 422
    assert browser.get(f"{address}?hal=1&dpi=999999").status == 200


def test_somebody_elses_document_is_not_there(browser: Browser) -> None:
    browser.account = "somebody-else"

    for page in (HERE, f"{DRAFT}/dokumen/1/gambar", f"{DRAFT}/dokumen/1", DRAFT):
        assert browser.get(page).status == 404
