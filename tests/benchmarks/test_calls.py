"""The budget of a stamp, in counts: what it asks of AWS may not grow unseen."""

from collections.abc import Iterator

import pytest

from tests.benchmarks.calls import Measured, Row, measure
from tests.benchmarks.metered_office import metered_office
from tests.contract.ministack import INSTALL_MINISTACK, interpreter

WRITE_UNITS_ALL_IN = 11.5  # DESIGN.md allows 12.5


@pytest.fixture(scope="module")
def measured() -> Iterator[Measured]:
    python = interpreter()
    if python is None:
        pytest.skip(INSTALL_MINISTACK)
    with metered_office(python) as office:
        yield measure(office)


def _row(measured: Measured, operation: str) -> Row:
    return next(row for row in measured.rows if row.operation == operation)


def test_a_stamp_all_in_stays_within_its_write_units(measured: Measured) -> None:
    assert _row(measured, "per_stamp_all_in").write_units <= WRITE_UNITS_ALL_IN


def test_a_stamp_is_one_signature_of_the_key_service(measured: Measured) -> None:
    assert _row(measured, "per_stamp_all_in").kms_signs == 1


def test_the_stamping_worker_makes_five_calls(measured: Measured) -> None:
    assert _row(measured, "stamp") == Row("stamp", 5, 3, 0, 1)


def test_asking_how_far_a_thing_is_costs_one_read(measured: Measured) -> None:
    for operation in ("read_order", "read_stamping", "read_serial"):
        row = _row(measured, operation)
        assert (row.aws_calls, row.write_units) == (1, 0), operation
