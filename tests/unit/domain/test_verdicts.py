"""Verdicts: each combination of record, bytes, signature and later changes, and the worst wins."""

from dataclasses import replace
from itertools import permutations, product

import pytest

from meterai.domain.id_derivation import IdDeriver, RequestIdentity
from meterai.domain.stamping.file_evidence import (
    CertificateOf,
    Integrity,
    NamedSerial,
    SignatureFact,
)
from meterai.domain.stamping.later_changes import (
    Change,
    ChangeKind,
    ChangeVerdict,
    LaterChanges,
)
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.stamping.verdicts import (
    Evidence,
    JudgedStamp,
    Verdict,
    VerificationResult,
    judge_file,
    needs_reading,
    nothing_is_ours,
    open_ends,
)
from tests.unit.domain.facts import emeterai

ONE, TWO, THREE = (
    IdDeriver(b"x").serial(RequestIdentity("stampings", "buyer", "key"), n) for n in range(3)
)
SIZE = 1_000
SIGNATURE = SignatureFact(
    serial=ONE,
    integrity=Integrity.INTACT,
    certificate=CertificateOf.OURS,
    in_place=True,
    end_bytes=600,
)
PERSON = replace(SIGNATURE, serial=None, certificate=CertificateOf.OTHERS)
STAMPED = replace(emeterai(ONE, 0, SerialState.STAMPED), outputs=(Output("0a" * 32, 600),))
UNSIZED = replace(STAMPED, outputs=(Output("0a" * 32, None),))
RESERVED = emeterai(ONE, 0, SerialState.RESERVED)
STORED = replace(RESERVED, outputs=STAMPED.outputs)  # and not finished yet
VOID = emeterai(ONE, 0, SerialState.VOID)
CHANGE = Change(1, ChangeKind.ANNOTATION, page=1, box=(1.0, 2.0, 3.0, 4.0))
LATER = {
    verdict: LaterChanges(verdict, cause, (CHANGE,))
    for verdict, cause in (
        (ChangeVerdict.EXTENDED, None),
        (ChangeVerdict.COVERED, "filled"),
        (ChangeVerdict.ALTERED, "changed"),
    )
}


def on_record(record: EMeterai, end: int = SIZE, **more: object) -> Evidence:
    """A file that begins with its issued file, and everything up to `end` is ours."""
    evidence = Evidence(SIZE, {record.serial: record}, {record.stamping: end})
    return replace(evidence, **more)  # type: ignore[arg-type]


def read(record: EMeterai | None, *facts: SignatureFact, **more: object) -> Evidence:
    """A file that begins with no issued file."""
    evidence = Evidence(SIZE, {} if record is None else {record.serial: record}, facts=facts)
    return replace(evidence, **more)  # type: ignore[arg-type]


def verdict_of(evidence: Evidence) -> tuple[str, str | None]:
    result = judge_file(evidence)
    return result.verdict.value, result.cause


@pytest.mark.parametrize("record", [STAMPED, STORED])
def test_a_file_on_record_is_genuine_whatever_readers_say(record: EMeterai) -> None:
    broken = replace(SIGNATURE, integrity=Integrity.BROKEN, certificate=CertificateOf.OTHERS)
    for facts, refusal in ((None, None), (None, "document_damaged"), ((broken, PERSON), None)):
        result = judge_file(on_record(record, facts=facts, refusal=refusal))
        assert (result.verdict, result.cause, result.proven) == (Verdict.GENUINE, None, 1)
        (stamp,) = result.stamps
        assert (stamp.integrity, stamp.certificate) == ("as_issued", "ours")
        assert stamp.stamped_at == record.stamped_at


@pytest.mark.parametrize("change", ChangeVerdict)
def test_what_follows_our_bytes_decides(change: ChangeVerdict) -> None:
    later = LATER[change]
    result = judge_file(on_record(STAMPED, 600, later={600: later}))
    stamp = JudgedStamp(ONE, Verdict(change.value), later.cause, STAMPED, as_issued=True)
    assert result == VerificationResult(stamp.verdict, later.cause, (stamp,), (CHANGE,))


SIGNATURES = {
    # record, integrity, certificate, in place -> verdict, cause
    ("stamped", "intact", "ours", True): ("altered", "changed"),
    ("stamped", "intact", "others", True): ("foreign", None),
    ("stamped", "broken", "ours", True): ("altered", "changed"),
    ("stamped", "broken", "ours", False): ("altered", "rewritten"),
    ("stamped", "broken", "not_checked", False): ("altered", "rewritten"),
    ("unsized", "intact", "ours", True): ("extended", None),
    ("unsized", "broken", "ours", True): ("altered", "changed"),
    ("unsized", "intact", "others", True): ("foreign", None),
    ("void", "intact", "ours", True): ("withdrawn", None),
    ("void", "intact", "others", True): ("foreign", None),
    ("void", "broken", "ours", False): ("altered", "rewritten"),
    ("void", "broken", "not_checked", True): ("altered", "changed"),
    ("reserved", "intact", "ours", True): ("unrecorded", None),
    ("reserved", "broken", "ours", True): ("altered", "changed"),
    ("none", "intact", "ours", True): ("unrecorded", None),
    ("none", "intact", "others", True): ("foreign", None),
    ("none", "broken", "ours", True): ("altered", "changed"),
    ("none", "broken", "ours", False): ("altered", "rewritten"),
    ("none", "broken", "others", False): ("foreign", None),
    ("none", "broken", "not_checked", False): ("foreign", None),
}
RECORDS = {
    "stamped": STAMPED,
    "unsized": UNSIZED,
    "void": VOID,
    "reserved": RESERVED,
    "none": None,
}


@pytest.mark.parametrize(("case", "expected"), SIGNATURES.items())
def test_without_our_bytes_the_signature_and_the_record_decide(
    case: tuple[str, str, str, bool], expected: tuple[str, str | None]
) -> None:
    record, integrity, certificate, in_place = case
    fact = replace(
        SIGNATURE,
        integrity=Integrity(integrity),
        certificate=CertificateOf(certificate),
        in_place=in_place,
    )
    assert verdict_of(read(RECORDS[record], fact)) == expected


def test_no_signature_makes_a_file_genuine_that_is_not_on_record() -> None:
    every = product(RECORDS.values(), Integrity, CertificateOf, (False, True), (600, SIZE))
    for record, integrity, certificate, in_place, end in every:
        fact = replace(
            SIGNATURE,
            integrity=integrity,
            certificate=certificate,
            in_place=in_place,
            end_bytes=end,
        )
        assert judge_file(read(record, fact)).verdict is not Verdict.GENUINE


@pytest.mark.parametrize("certificate", [CertificateOf.OTHERS, CertificateOf.NOT_CHECKED])
def test_an_alarm_needs_our_certificate_and_an_intact_signature(certificate: CertificateOf) -> None:
    for record, integrity in product((VOID, RESERVED, None), Integrity):
        fact = replace(SIGNATURE, integrity=integrity, certificate=certificate)
        assert not {Verdict.WITHDRAWN, Verdict.UNRECORDED} & {
            stamp.verdict for stamp in judge_file(read(record, fact)).stamps
        }


def test_a_recorded_size_beyond_the_end_is_an_incomplete_file() -> None:
    longer = replace(STAMPED, outputs=(Output("0a" * 32, SIZE + 1),))
    broken = replace(SIGNATURE, integrity=Integrity.BROKEN)
    named = (NamedSerial(ONE, in_signature=True),)
    assert verdict_of(read(longer, broken)) == ("altered", "incomplete")
    saved_anew = replace(broken, in_place=False)
    assert verdict_of(read(longer, saved_anew)) == ("altered", "rewritten")
    assert verdict_of(read(longer, named=named)) == ("altered", "incomplete")
    unread = replace(read(longer, named=named), facts=None, refusal="document_damaged")
    assert verdict_of(unread) == ("altered", "incomplete")


def test_one_of_two_emeterai_cut_out_leaves_an_incomplete_file() -> None:
    pair = replace(STAMPED, serials=(ONE, TWO))
    broken = replace(SIGNATURE, integrity=Integrity.BROKEN, in_place=False)
    assert verdict_of(read(pair, broken)) == ("altered", "incomplete")
    both = (broken, replace(broken, serial=TWO))
    assert verdict_of(read(pair, *both)) == ("altered", "rewritten")


def test_a_signature_of_ours_that_is_in_no_field_is_found() -> None:
    """It was removed from the form; its dictionary is still in the file."""
    named = (NamedSerial(ONE, in_signature=True),)
    assert verdict_of(read(STAMPED, named=named)) == ("altered", "rewritten")
    assert verdict_of(read(STAMPED, PERSON, named=named)) == ("altered", "rewritten")


def test_a_serial_in_text_alone_is_no_verdict() -> None:
    named = (NamedSerial(ONE, in_signature=False),)
    assert verdict_of(read(STAMPED, named=named)) == ("not_stamped", None)
    assert verdict_of(read(STAMPED, PERSON, named=named)) == ("foreign", None)


def test_a_file_of_others() -> None:
    assert judge_file(read(None)) == VerificationResult(Verdict.NOT_STAMPED)
    assert judge_file(read(None, PERSON)) == VerificationResult(Verdict.FOREIGN)
    copied = judge_file(read(STAMPED, PERSON, drawn=(ONE,)))
    assert copied == VerificationResult(Verdict.COPY, None, (JudgedStamp(ONE, Verdict.COPY),))


def test_pictures_are_looked_for_where_nothing_else_is_ours() -> None:
    forged = replace(SIGNATURE, certificate=CertificateOf.OTHERS)
    unread = replace(read(STAMPED), facts=None, refusal="document_damaged")
    for evidence in (read(None), read(STAMPED, PERSON), read(STAMPED, forged), unread):
        assert nothing_is_ours(evidence)
    named = (NamedSerial(ONE, in_signature=True),)
    for evidence in (
        on_record(STAMPED),
        read(STAMPED, SIGNATURE),
        read(None, replace(SIGNATURE, certificate=CertificateOf.NOT_CHECKED)),
        replace(unread, named=named),
    ):
        assert not nothing_is_ours(evidence)


def test_a_file_that_no_reader_opens_and_that_holds_nothing_of_ours_is_unreadable() -> None:
    evidence = replace(read(None), facts=None, refusal="document_damaged")
    assert judge_file(evidence) == VerificationResult(Verdict.UNREADABLE, "document_damaged")
    assert judge_file(replace(evidence, drawn=(ONE,))).verdict is Verdict.COPY


def test_a_file_is_as_good_as_its_worst_emeterai() -> None:
    def fact(serial: str, **changes: object) -> SignatureFact:
        return replace(SIGNATURE, serial=serial, **changes)  # type: ignore[arg-type]

    records = {ONE: STAMPED, TWO: replace(VOID, serial=TWO, serials=(TWO,))}
    proven = Evidence(SIZE, records, {ONE: 600})
    foreign = fact(THREE, certificate=CertificateOf.OTHERS)
    withdrawn, unrecorded, altered = (
        fact(TWO),
        fact(THREE),
        fact(TWO, integrity=Integrity.BROKEN),
    )
    for change, others, expected in (
        (ChangeVerdict.EXTENDED, [foreign, PERSON], "extended"),
        (ChangeVerdict.COVERED, [foreign], "covered"),
        (ChangeVerdict.EXTENDED, [altered, foreign], "altered"),
        (ChangeVerdict.COVERED, [withdrawn], "withdrawn"),
        (ChangeVerdict.ALTERED, [withdrawn, unrecorded], "unrecorded"),
    ):
        for facts in permutations(others):
            evidence = replace(proven, later={600: LATER[change]}, facts=facts)
            assert judge_file(evidence).verdict == expected


def test_the_later_changes_of_the_answer_are_those_after_the_first_issued_file() -> None:
    second = Change(2, ChangeKind.SIGNATURE)
    records = {ONE: STAMPED, TWO: replace(STAMPED, serial=TWO, serials=(TWO,))}
    later = {
        800: LaterChanges(ChangeVerdict.EXTENDED, None, (second,)),
        600: LATER[ChangeVerdict.COVERED],
    }
    result = judge_file(Evidence(SIZE, records, {ONE: 600, TWO: 800}, later))
    assert [stamp.verdict for stamp in result.stamps] == [Verdict.COVERED, Verdict.EXTENDED]
    assert (result.verdict, result.proven, result.changes) == (Verdict.COVERED, 1, (CHANGE,))


def test_a_file_is_read_only_where_the_record_leaves_something_open() -> None:
    ours, text = NamedSerial(ONE, in_signature=True), NamedSerial(TWO, in_signature=False)
    another = NamedSerial(TWO, in_signature=True)
    assert not needs_reading(on_record(STAMPED, named=(ours, text)))
    assert not needs_reading(on_record(STAMPED, 600, named=(ours,)))
    assert needs_reading(on_record(STAMPED, named=(ours, another)))
    assert needs_reading(Evidence(SIZE, {ONE: STAMPED}, named=(ours,)))
    assert needs_reading(Evidence(SIZE, {}))


def test_later_changes_are_judged_from_each_end_of_our_bytes() -> None:
    assert open_ends(on_record(STAMPED)) == []
    assert open_ends(on_record(STAMPED, 600)) == [600]
    assert open_ends(read(STAMPED, SIGNATURE)) == []
    assert open_ends(read(UNSIZED, SIGNATURE)) == [600]
    assert open_ends(read(UNSIZED, replace(SIGNATURE, end_bytes=SIZE))) == []
    assert open_ends(read(UNSIZED, replace(SIGNATURE, integrity=Integrity.BROKEN))) == []
    for later in LATER.values():
        judged = judge_file(read(UNSIZED, SIGNATURE, later={600: later}))
        assert (judged.verdict, judged.cause) == (later.verdict.value, later.cause)
