"""Names of files as their owners see them again, whatever a browser sent."""

import pytest

from meterai.domain.drafts.file_names import MAX_NAME, UNNAMED, page_name, shown_name


@pytest.mark.parametrize(
    "name",
    [
        "Surat lamaran.pdf",
        "<b>lamaran & 'pernyataan'.pdf",  # templates escape it
        "surat lamaran أحمد.pdf",
        "履歴書.pdf",
        ".pdf",
        "${filename}",
    ],
)
def test_letters_and_signs_of_any_script_stay(name: str) -> None:
    assert shown_name(name) == name


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("/storage/emulated/0/Download/surat.pdf", "surat.pdf"),
        ("C:\\fakepath\\surat.pdf", "surat.pdf"),
        ("surat\u202efdp.exe", "suratfdp.exe"),
        ("\u2067surat\u2069.pdf", "surat.pdf"),
        ("surat\r\nlamaran\t 2.pdf", "surat lamaran 2.pdf"),
        ("surat\u2028lamaran\x00.pdf", "surat lamaran .pdf"),
        ("su\u0301rat.pdf", "súrat.pdf"),
        ("surat\ud83d.pdf", "surat.pdf"),
    ],
)
def test_paths_breaks_and_what_turns_the_direction_do_not(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize("name", ["", "  ", "/", "\u202e\u200b", "folder\\"])
def test_a_file_without_a_name_gets_one(name: str) -> None:
    assert shown_name(name) == UNNAMED


def test_a_long_name_is_cut_and_keeps_its_ending() -> None:
    exact = "s" * (MAX_NAME - 4) + ".pdf"
    assert shown_name(exact) == exact
    assert shown_name("s" * 200 + ".pdf") == "s" * (MAX_NAME - 5) + "….pdf"
    assert shown_name("s" * 200) == "s" * (MAX_NAME - 1) + "…"
    assert shown_name("s." + "p" * 200) == "s." + "p" * (MAX_NAME - 3) + "…"
    assert len(shown_name("😀" * 200 + ".pdf")) == MAX_NAME


@pytest.mark.parametrize(
    ("photo", "page"),
    [
        ("IMG_2041.JPG", "IMG_2041.pdf"),
        ("foto surat.v2.jpeg", "foto surat.v2.pdf"),
        ("image", "image.pdf"),
        ("", UNNAMED),
        (".jpg", ".jpg.pdf"),
        ("f" * 200, "f" * (MAX_NAME - 5) + "….pdf"),
    ],
)
def test_a_photo_that_became_a_page_is_called_a_pdf(photo: str, page: str) -> None:
    assert page_name(photo) == page
