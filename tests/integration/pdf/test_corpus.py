"""Odd files from public collections: stamped and valid by every judge, or refused; never wrong.

The collection lies beside the repository and is not part of it; without it this is skipped.
`make corpus` shows the same as a table, of any folder.
"""

from pathlib import Path

import pytest

from tests.corpus.__main__ import show
from tests.corpus.children import rows
from tests.corpus.judging import missing_judges
from tests.corpus.trial import Row

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
STAND_IN_THE_WAY = {"not_a_pdf", "document_encrypted", "permission_denied", "document_certified"}
STAND_IN_THE_WAY |= {"document_locked", "form_is_xfa"}
MAX_BEYOND_REPAIR = 0.02  # of the files
MAX_BY_LATER_ENGINES = 0.25


def test_no_odd_file_is_stamped_wrong_and_few_are_refused() -> None:
    files = sorted(CORPUS.glob("*.pdf"))
    if not files:
        pytest.skip("the corpus of odd PDFs is not there (../shared/corpus)")
    if missing := missing_judges():
        pytest.skip(f"{missing[0]} is not installed")
    results = list(rows(files))
    assert [row for row in results if row.outcome == "wrong"] == []
    refused = [row for row in results if row.outcome == "refused"]
    beyond_repair = [row for row in refused if row.code not in STAND_IN_THE_WAY]
    assert len(beyond_repair) <= MAX_BEYOND_REPAIR * len(files), beyond_repair
    later = [row for row in results if row.engine in ("pyhanko", "repair")]
    assert len(later) <= MAX_BY_LATER_ENGINES * len(files)


def test_the_command_prints_refusals_by_code_and_the_most_that_an_upload_took(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows_found = [
        Row("a.pdf", "stamped", engine="incremental", seconds=1.5, memory_mib=90),
        Row("b.pdf", "refused", "document_damaged", seconds=0.5, memory_mib=300),
        Row("c.pdf", "refused", "not_a_pdf"),
        Row("d.pdf", "refused", "not_a_pdf"),
    ]
    show(rows_found)
    assert capsys.readouterr().out.splitlines()[-5:] == [
        "4 files: 1 stamped, 3 refused, 0 wrong",
        "engines: incremental 1",
        "refused: not_a_pdf 2, document_damaged 1",
        "slowest: a.pdf, 1.50 s of processor time",
        "most memory: b.pdf, 300 MiB",
    ]
