"""The stamping benchmark counts what it should. Its times are printed, and never asserted."""

from tests.benchmarks.stamping import MAX_GROWTH_BYTES, QUICK, measure
from tests.benchmarks.stamping_inputs import inputs
from tests.benchmarks.stamping_memory import peak_mb
from tests.benchmarks.stamping_methods import METHODS
from tests.fixtures.documents.remake import LETTER


def test_every_method_stamps_and_ours_grows_the_file_least() -> None:
    rows = measure({name: inputs()[name] for name in QUICK}, rounds=1)
    assert {(row.input, row.method) for row in rows} == {
        (name, method) for name in QUICK for method in METHODS
    }
    growth = {(row.input, row.method): row.growth_bytes for row in rows}
    for name in QUICK:
        assert 0 < growth[name, "ours"] <= MAX_GROWTH_BYTES < growth[name, "pyhanko"]
    assert {row.ratio_to_limit for row in rows if row.method == "limit"} == {1.0}


def test_the_inputs_have_the_sizes_of_their_names() -> None:
    sizes = {name: len(made) for name, made in inputs().items()}
    assert 50_000 < sizes["letter"] < 70_000
    assert 0.9e6 < sizes["scan_1mb"] < 1.1e6
    assert 9e6 < sizes["scan_10mb"] < 11e6
    assert 4.5e6 < sizes["text_200_pages"] < 6.5e6
    assert len(sizes) == 9


def test_the_process_that_stamps_is_small() -> None:
    size_mb = LETTER.stat().st_size / 1e6
    assert peak_mb("ours", LETTER) <= 3 * size_mb + 40
