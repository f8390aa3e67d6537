"""The stamping benchmark counts what it should; times are for reading, not for asserting."""

from tests.benchmarks.stamping import GOAL_GROWTH_BYTES, QUICK, publish_load_snapshot
from tests.benchmarks.stamping_fresh import peak_mb
from tests.benchmarks.stamping_inputs import inputs
from tests.benchmarks.stamping_variants import VARIANTS
from tests.fixtures.documents.remake import LETTER


def test_every_variant_stamps_and_ours_grows_the_file_least() -> None:
    rows = publish_load_snapshot({name: inputs()[name] for name in QUICK}, rounds=1)
    assert {(row.input, row.variant) for row in rows} == {
        (name, variant) for name in QUICK for variant in VARIANTS
    }
    growth = {(row.input, row.variant): row.growth_bytes for row in rows}
    for name in QUICK:
        assert 0 < growth[name, "ours"] <= GOAL_GROWTH_BYTES < growth[name, "pyhanko_kms"]
    assert {row.ratio_to_limit for row in rows if row.variant == "limit"} == {1.0}


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
