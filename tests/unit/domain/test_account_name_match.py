import pytest

from meterai.domain.refunds.account_name_match import is_same_holder


@pytest.mark.parametrize(
    ("written", "at_bank"),
    [
        ("Budi Santoso", "BUDI SANTOSO"),
        ("  budi   santoso ", "BUDI SANTOSO"),
        ("Dr. Budi Santoso, M.Kom.", "BUDI SANTOSO"),
        ("Drs. H. Budi Santoso, S.H., M.H.", "Budi Santoso"),
        ("Budi Santoso", "BUDI SANTOSO SH MH"),
        ("Prof. Dr. Ir. Siti Aminah", "SITI AMINAH"),
        ("Siti Nur'aini", "SITI NURAINI"),
        ("Siti Nur-Aini", "SITI NUR AINI"),
        ("Andr\u00e9 Wijaya", "ANDRE WIJAYA"),
        ("Suharto", "SUHARTO"),
        ("I Made Wijaya", "I MADE WIJAYA"),
        ("Dr. Budi", "BUDI"),
        ("Budi, S.H.", "BUDI"),
        ("Ir", "IR"),
        ("Budi Agus Santoso S.Kom.", "BUDI AGUS SANTOSO"),
    ],
)
def test_case_points_spaces_and_titles_make_no_difference(written: str, at_bank: str) -> None:
    assert is_same_holder(written, at_bank)


@pytest.mark.parametrize(
    ("written", "at_bank"),
    [
        ("Budi Santoso", "BUDI HARTONO"),
        ("Budi", "BUDI SANTOSO"),
        ("Budi Santoso", "BUDI"),
        ("Budi Santosa", "BUDI SANTOSO"),
        ("Li", "LI ST"),
        ("Budi Santoso, Hartono", "BUDI SANTOSO"),
        ("", ""),
        (".,-", "..."),
        ("Dr.", "IR"),
    ],
)
def test_any_other_different_letter_makes_another_name(written: str, at_bank: str) -> None:
    assert not is_same_holder(written, at_bank)
