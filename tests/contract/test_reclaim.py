"""After a restore: stamped files that the tables do not know are on record again, once."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meterai.aws.orders.serials import DynamoSerials
from meterai.aws.storage.stamping_records import (
    MAX_METADATA_BYTES,
    STAMPING,
    order_in,
    record_of,
    stamping_in,
)
from meterai.domain.orders.orders import MAX_QUANTITY
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.stampings import SerialState, VoidReason
from meterai.steps.void_stamping import void_stamping
from meterai_cli.reclaim import Finding, Restored, reclaim
from tests.contract.backends import AwsBackend, paid
from tests.contract.factories import NOW, a_stamping, an_order

FILE = b"%PDF-1.7 stamped"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture(params=["moto", "ministack"])
def backend(request: pytest.FixtureRequest) -> AwsBackend:
    aws: AwsBackend = request.getfixturevalue(f"{request.param}_backend")
    return aws


def run(backend: AwsBackend, *, apply: bool = True, since: datetime = LONG_AGO) -> list[Finding]:
    tables = Restored(backend.orders, backend.serials, backend.clients.s3, backend.documents.bucket)
    return list(reclaim(tables, since, NOW, apply=apply))


def test_a_file_that_is_not_on_record_takes_its_slots_again(backend: AwsBackend) -> None:
    order = paid(backend)
    stamping = a_stamping(order, 0, 2)
    output = backend.documents.put_stamped(stamping, FILE)
    [would] = run(backend, apply=False)
    assert (would.is_open, backend.serials.get_many([one.serial for one in stamping])) == (
        False,
        (),
    )
    [found] = run(backend)
    assert not found.is_open
    known = backend.serials.get_many([one.serial for one in stamping])
    assert [(one.state, one.outputs, one.slot, one.timer) for one in known] == [
        (SerialState.STAMPED, (output,), 0, None),
        (SerialState.STAMPED, (output,), 2, None),
    ]
    assert [one.body_hash for one in known] == [one.body_hash for one in stamping]
    assert set(backend.orders.get(order.order_id).slots) == {0, 2}  # type: ignore[union-attr]
    assert run(backend) == [], "a second run finds nothing to do"


def test_what_was_cut_off_in_the_middle_is_finished(backend: AwsBackend) -> None:
    order = paid(backend)
    (one,) = stamping = a_stamping(order, 0, level=SignatureLevel.B_LT)
    backend.documents.put_stamped(stamping, FILE)
    backend.serials.reserve(order, stamping)
    [found] = run(backend)
    assert not found.is_open
    known = backend.serials.get(one.serial)
    assert known is not None
    assert known.state is SerialState.STAMPED
    assert known.timer is not None, "it is still to be augmented"


@pytest.mark.parametrize("slots", [(0,), (0, 2)])
@pytest.mark.parametrize("goes_on", ["the command", "a void"])
def test_a_run_that_is_cut_off_leaves_a_timer_and_the_file_decides(
    moto_backend: AwsBackend,
    slots: tuple[int, ...],
    goes_on: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stamping = a_stamping(paid(moto_backend), *slots)
    output = moto_backend.documents.put_stamped(stamping, FILE)
    serials = [one.serial for one in stamping]

    def cut_off(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(DynamoSerials, "finish", cut_off)
        with pytest.raises(KeyboardInterrupt):
            run(moto_backend)
    left = moto_backend.serials.get_many(serials)
    assert [one.state for one in left] == [SerialState.RESERVED] * len(slots)
    assert list(moto_backend.serial_timers.due(NOW + timedelta(hours=1))) == serials[:1]
    if goes_on == "the command":
        [found] = run(moto_backend)
        assert not found.is_open
    else:
        later = NOW + timedelta(days=2)
        assert not void_stamping(serials, VoidReason.NOT_EXECUTED, moto_backend, later)
    known = moto_backend.serials.get_many(serials)
    assert [(one.state, one.outputs, one.timer) for one in known] == [
        (SerialState.STAMPED, (output,), None)
    ] * len(slots)


def test_another_slot_is_taken_where_its_own_is_used_by_now(backend: AwsBackend) -> None:
    order = paid(backend)
    (lost,) = a_stamping(order, 0, name="lost")
    backend.documents.put_stamped([lost], FILE)
    backend.serials.reserve(order, a_stamping(order, 0, name="other"))
    [found] = run(backend)
    known = backend.serials.get(lost.serial)
    assert known is not None
    assert (found.is_open, known.slot) == (False, 1)


def has_no_order(backend: AwsBackend) -> str:
    backend.documents.put_stamped(a_stamping(an_order(), 0), FILE)
    return "is not there"


def has_no_slot(backend: AwsBackend) -> str:
    order = paid(backend)
    backend.documents.put_stamped(a_stamping(order, 0, 1, name="lost"), FILE)
    backend.serials.reserve(order, a_stamping(order, 0, 1, name="other"))
    return "no 2 free slots"


def is_void(backend: AwsBackend) -> str:
    order = paid(backend)
    stamping = a_stamping(order, 0)
    backend.documents.put_stamped(stamping, FILE)
    backend.serials.reserve(order, stamping)
    assert backend.serials.void(stamping, VoidReason.ORDER_EXPIRED, NOW)
    return "void, with another file"


def has_another_file(backend: AwsBackend) -> str:
    order = paid(backend)
    stamping = a_stamping(order, 0)
    backend.documents.put_stamped(stamping, FILE)
    backend.serials.reserve(order, stamping)
    assert backend.serials.finish(stamping, Output.of(b"another"), NOW)
    return "stamped, with another file"


def is_of_an_earlier_release(backend: AwsBackend) -> str:
    sha256 = Output.of(FILE).sha256
    backend.clients.s3.put_object(
        Bucket=backend.documents.bucket,
        Key="stamped/sscasn/SERIAL.pdf",
        Body=FILE,
        Metadata={"sha256": sha256},
    )
    return "earlier release"


@pytest.mark.parametrize(
    "case",
    [has_no_order, has_no_slot, is_void, has_another_file, is_of_an_earlier_release],
    ids=lambda case: case.__name__,
)
def test_what_a_person_has_to_look_at_is_told_and_left(
    moto_backend: AwsBackend, case: Callable[[AwsBackend], str]
) -> None:
    says = case(moto_backend)
    [found] = run(moto_backend)
    assert found.is_open
    assert says in found.says
    assert run(moto_backend) == [found]


def test_files_of_before_the_moment_are_not_read(moto_backend: AwsBackend) -> None:
    moto_backend.documents.put_stamped(a_stamping(an_order(), 0), FILE)
    assert run(moto_backend, since=datetime.now(UTC) + timedelta(minutes=1)) == []


def test_the_fullest_record_fits_the_metadata_of_an_object_and_names_no_account() -> None:
    order = an_order(quantity=MAX_QUANTITY)
    fullest = tuple(
        replace(one, placement=Placement(10_000, 1_234.567, 1_234.567, 123.456))
        for one in a_stamping(
            order,
            *range(MAX_QUANTITY),
            reason="\N{GRINNING FACE}" * 55,
            portal="p" * 32,
            level=SignatureLevel.B_LT,
            earlier_stamps=100,
            bulk=True,
            before_payment=True,
            timer=None,
        )
    )
    record = record_of(fullest)
    size = len(record) + len(STAMPING) + len("sha256") + 64
    assert size <= MAX_METADATA_BYTES, size
    assert record.isascii()
    assert order_in(record) == order.order_id
    assert stamping_in(record, order) == fullest
    assert order.account not in str(record)
