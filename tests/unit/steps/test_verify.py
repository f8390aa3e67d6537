"""Verifying: the record first, readers only where it leaves something open, one alarm for keys."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import DocumentDamaged, DocumentMissing, Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.stamping.file_evidence import SignatureFact
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState, VoidReason
from meterai.domain.stamping.verdicts import Verdict, VerificationResult
from meterai.steps.verify import MAX_COMPARISONS, MAX_UNFINISHED
from tests.fakes.in_memory_state import fails
from tests.fakes.stamp_reader import PICTURE, MemoryStampReader
from tests.fakes.stamper import TIMESTAMP
from tests.unit.steps.in_memory_app import LETTER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


@pytest.fixture
def first(app: InMemoryApp, pump: MessagePump) -> EMeterai:
    return stamp(app, pump, LETTER)


def stamp(app: InMemoryApp, pump: MessagePump, document: bytes) -> EMeterai:
    """One e-meterai on this document."""
    key = str(len(app.state.serials))
    order = app.buy(key)
    app.upload(document)
    one = app.request(order.order_id, key, document)
    app.settle(order)
    pump.deliver()
    return app.state.serials[one.serial]


def verify(app: InMemoryApp, content: bytes) -> VerificationResult:
    app.ports.stamp_reader.calls.clear()
    return app.verify(app.upload(content))


def file_of(app: InMemoryApp, one: EMeterai) -> bytes:
    return app.state.stamped[one.stamping]


def test_a_file_on_record_is_genuine_and_no_reader_opens_it(
    app: InMemoryApp, first: EMeterai
) -> None:
    result = verify(app, file_of(app, first))
    (stamp,) = result.stamps
    assert (result.verdict, stamp.serial, stamp.stamped_at, stamp.signer) == (
        Verdict.GENUINE,
        first.serial,
        first.stamped_at,
        "Meterai",
    )
    assert app.ports.stamp_reader.calls == []


def test_the_letter_alone_is_not_stamped(app: InMemoryApp, first: EMeterai) -> None:
    assert first.document
    assert verify(app, LETTER) == VerificationResult(Verdict.NOT_STAMPED)


def test_what_was_added_to_a_file_on_record_is_judged_and_nothing_else(
    app: InMemoryApp, first: EMeterai
) -> None:
    content = file_of(app, first)
    for added, verdict in ((TIMESTAMP, Verdict.EXTENDED), (b" more", Verdict.ALTERED)):
        result = verify(app, content + added)
        assert (result.verdict, len(result.changes)) == (verdict, 1)
        assert app.ports.stamp_reader.calls == ["later_changes"]


def test_two_stampings_prove_each_other(
    app: InMemoryApp, pump: MessagePump, first: EMeterai
) -> None:
    second = stamp(app, pump, file_of(app, first))
    result = verify(app, file_of(app, second))
    assert [stamp.verdict for stamp in result.stamps] == [Verdict.GENUINE] * 2
    assert (result.verdict, result.proven) == (Verdict.GENUINE, 2)
    assert app.ports.stamp_reader.calls == []


def test_a_file_that_was_changed_between_two_stampings_is_never_genuine(
    app: InMemoryApp, pump: MessagePump, first: EMeterai
) -> None:
    """Its hash is on record: of the second stamping, which proves nothing of the first."""
    second = stamp(app, pump, file_of(app, first) + b"\n%another page")
    result = verify(app, file_of(app, second))
    assert {stamp.serial: stamp.verdict for stamp in result.stamps} == {
        first.serial: Verdict.ALTERED,
        second.serial: Verdict.GENUINE,
    }
    assert (result.verdict, result.proven) == (Verdict.ALTERED, 1)


def test_a_changed_byte_alters_the_file(app: InMemoryApp, first: EMeterai) -> None:
    result = verify(app, file_of(app, first).replace(b"%PDF-1.7", b"%PDF-1.6"))
    assert result.verdict is Verdict.ALTERED
    assert app.ports.stamp_reader.calls == ["signatures"]


def test_a_truncated_file_is_incomplete_also_where_no_reader_opens_it(
    app: InMemoryApp, first: EMeterai, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = file_of(app, first)[:-5]
    assert (verify(app, content).verdict, verify(app, content).cause) == ("altered", "incomplete")
    monkeypatch.setattr(MemoryStampReader, "signatures", damaged)
    assert (verify(app, content).verdict, verify(app, content).cause) == ("altered", "incomplete")


def damaged(_: MemoryStampReader, __: FileAddress) -> Sequence[SignatureFact]:
    raise DocumentDamaged(cause="no_pages")


def test_what_a_worker_stored_and_did_not_finish_is_as_issued(
    app: InMemoryApp, first: EMeterai
) -> None:
    app.state.serials[first.serial] = at_a_worker(app, first)
    result = verify(app, file_of(app, first))
    assert (result.verdict, result.stamps[0].stamped_at) == (Verdict.GENUINE, None)
    del app.state.stamped[first.serial]
    content = app.state.documents[app.state.serials[first.serial].account, first.document]
    signed = content + f"\n%meterai {first.serial} x".encode()
    assert verify(app, signed).verdict is Verdict.UNRECORDED


def at_a_worker(app: InMemoryApp, one: EMeterai) -> EMeterai:
    until = app.now + timedelta(minutes=1)
    unfinished = {"state": SerialState.RESERVED, "claimed_until": until}
    return replace(one, outputs=(), stamped_at=None, **unfinished)  # type: ignore[arg-type]


def test_storage_is_asked_once_for_a_stamping_that_is_at_a_worker(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy(quantity=3)
    first = app.request(order.order_id, count=3)
    app.settle(order)
    pump.deliver()
    for serial in first.serials:
        app.state.serials[serial] = at_a_worker(app, app.state.serials[serial])
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    result = verify(app, file_of(app, first))
    assert [stamp.verdict for stamp in result.stamps] == [Verdict.GENUINE] * 3
    assert calls.count("Documents.stamped_output") == 1


def test_storage_is_not_asked_for_what_no_worker_had(app: InMemoryApp, first: EMeterai) -> None:
    waiting = replace(at_a_worker(app, first), claimed_until=None)
    app.state.serials[first.serial] = waiting
    app.state.hook = fails("Documents.stamped_output", Unavailable(party="s3"))
    assert verify(app, file_of(app, first)).verdict is Verdict.UNRECORDED


def test_nobody_is_accused_where_too_many_are_at_a_worker(
    app: InMemoryApp, first: EMeterai
) -> None:
    content = LETTER
    for number in range(MAX_UNFINISHED + 1):
        if number == MAX_UNFINISHED:
            assert verify(app, content).verdict is Verdict.UNRECORDED, "signed and not stored"
        serial = Serial(f"{number:X}" * 32)
        one = replace(at_a_worker(app, first), serial=serial, serials=(serial,))
        app.state.serials[serial] = one
        content += f"\n%meterai {serial} x".encode()
    with pytest.raises(Unavailable):
        verify(app, content)


def test_our_signature_under_what_was_not_issued_rings_the_alarm(
    app: InMemoryApp, first: EMeterai
) -> None:
    content = file_of(app, first)
    void = {"state": SerialState.VOID, "void_reason": VoidReason.NOT_EXECUTED, "outputs": ()}
    app.state.serials[first.serial] = replace(first, **void)  # type: ignore[arg-type]
    assert verify(app, content).verdict is Verdict.WITHDRAWN
    del app.state.serials[first.serial]
    assert verify(app, content).verdict is Verdict.UNRECORDED
    assert app.ports.metrics.recorded == [(Metric.SIGNED_NOT_ISSUED, 1)] * 2


def test_a_record_without_a_size_is_proven_by_the_whole_file_or_by_its_signature(
    app: InMemoryApp, pump: MessagePump, first: EMeterai
) -> None:
    content = file_of(app, first)
    second = stamp(app, pump, content)
    for one in (first, second):
        unsized = tuple(replace(file, size_bytes=None) for file in one.outputs)
        app.state.serials[one.serial] = replace(one, outputs=unsized)
    for genuine in (content, file_of(app, second)):
        assert verify(app, genuine).verdict is Verdict.GENUINE
    assert verify(app, file_of(app, second) + TIMESTAMP).verdict is Verdict.EXTENDED
    assert verify(app, content + b"\n%another page").verdict is Verdict.ALTERED


def test_few_of_many_ends_are_compared_and_the_rest_are_no_better(
    app: InMemoryApp, pump: MessagePump, first: EMeterai
) -> None:
    content = file_of(app, first)
    for number in range(MAX_COMPARISONS + 2):
        content = file_of(app, stamp(app, pump, content + b"\n%%page %d" % number))
    result = verify(app, content)
    verdicts = [stamp.verdict for stamp in result.stamps]
    assert verdicts == [Verdict.ALTERED] * (MAX_COMPARISONS + 2) + [Verdict.GENUINE]
    assert app.ports.stamp_reader.calls == ["later_changes"] * MAX_COMPARISONS


def test_only_ones_own_uploads_can_be_judged(app: InMemoryApp, first: EMeterai) -> None:
    with pytest.raises(DocumentMissing):
        app.verify(first.document, by="somebody else")


def test_a_picture_of_an_emeterai_is_looked_for_where_nothing_else_is_ours(
    app: InMemoryApp, first: EMeterai
) -> None:
    picture = PICTURE + first.serial.encode()
    copied = verify(app, LETTER + picture)
    assert (copied.verdict, [one.serial for one in copied.stamps]) == (Verdict.COPY, [first.serial])
    assert verify(app, file_of(app, first) + picture).verdict is Verdict.ALTERED
    unreadable = verify(app, b"GIF89a" + picture)
    assert unreadable.verdict is Verdict.COPY
