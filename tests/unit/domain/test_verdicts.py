"""Verdicts: each finding against each record, and a file as good as its worst e-meterai."""

from dataclasses import replace

import pytest

from meterai.domain.id_derivation import IdDeriver, RequestIdentity
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.stamping.verdicts import (
    JudgedStamp,
    StampEvidence,
    StampVerdict,
    Verdict,
    VerificationResult,
    judge_file,
)
from tests.unit.domain.facts import NOW, emeterai

SERIALS = [
    IdDeriver(b"x").serial(RequestIdentity("stampings", "buyer", "key"), n) for n in range(4)
]
FILE = "0a" * 32  # what the stamped fact lists
OTHER_FILE = "ff" * 32


def finding(
    serial: str = SERIALS[0],
    *,
    intact: bool = True,
    trusted: bool = True,
    untouched: bool = True,
) -> StampEvidence:
    return StampEvidence(serial, intact, trusted, untouched, NOW)


def records(state: SerialState = SerialState.STAMPED) -> dict[Serial, EMeterai]:
    return {serial: emeterai(serial, n, state) for n, serial in enumerate(SERIALS)}


def verdict_on(found: StampEvidence, sha256: str, **known: SerialState) -> StampVerdict:
    [stamp] = judge_file(sha256, [found], records(**known)).stamps
    return stamp.verdict


def test_a_file_we_recorded_is_genuine() -> None:
    assert judge_file(FILE, [finding()], records()) == VerificationResult(
        Verdict.GENUINE, (JudgedStamp(SERIALS[0], StampVerdict.GENUINE, NOW),)
    )


def test_a_file_without_a_stamp_is_not_stamped() -> None:
    assert judge_file(FILE, [], records()) == VerificationResult(Verdict.NOT_STAMPED, ())


def test_what_was_signed_again_later_is_changed_after() -> None:
    assert verdict_on(finding(), OTHER_FILE) is StampVerdict.CHANGED_AFTER


@pytest.mark.parametrize(
    "found", [finding(intact=False), finding(untouched=False), finding(intact=False, trusted=False)]
)
def test_what_the_file_shows_and_did_not_sign_is_altered(found: StampEvidence) -> None:
    assert verdict_on(found, OTHER_FILE) is StampVerdict.ALTERED


@pytest.mark.parametrize("state", [SerialState.RESERVED, SerialState.VOID])
def test_a_serial_that_was_never_stamped_is_unknown(state: SerialState) -> None:
    assert verdict_on(finding(), FILE, state=state) is StampVerdict.UNKNOWN


@pytest.mark.parametrize(
    "found", [finding(trusted=False), finding("NOT A SERIAL"), finding(SERIALS[0][:-1] + "-")]
)
def test_what_is_not_of_this_system_is_unknown(found: StampEvidence) -> None:
    assert judge_file(OTHER_FILE, [found], records()) == VerificationResult(
        Verdict.UNKNOWN, (JudgedStamp(found.serial, StampVerdict.UNKNOWN, None),)
    )


def test_a_serial_of_ours_that_nobody_knows_is_unknown() -> None:
    assert judge_file(FILE, [finding()], {}) == VerificationResult(
        Verdict.UNKNOWN, (JudgedStamp(SERIALS[0], StampVerdict.UNKNOWN, None),)
    )


def test_a_signature_that_is_not_ours_makes_even_a_recorded_serial_unknown() -> None:
    assert verdict_on(finding(trusted=False), FILE) is StampVerdict.UNKNOWN


def test_a_file_is_as_good_as_its_worst_emeterai() -> None:
    genuine, changed, unknown, altered = (
        finding(SERIALS[0]),
        finding(SERIALS[1]),
        finding(SERIALS[2]),
        finding(SERIALS[3], intact=False),
    )
    known = records()
    for one in (changed, unknown, altered):
        serial = Serial(one.serial)
        known[serial] = replace(known[serial], outputs=(Output(OTHER_FILE, 9),))
    del known[Serial(unknown.serial)]
    expected = (
        ([genuine], Verdict.GENUINE),
        ([genuine, changed], Verdict.CHANGED_AFTER),
        ([genuine, changed, unknown], Verdict.UNKNOWN),
        ([altered, unknown, changed, genuine], Verdict.ALTERED),
    )
    for findings, verdict in expected:
        assert judge_file(FILE, findings, known).verdict is verdict


def test_every_verdict_on_a_stamp_is_a_verdict_on_a_file() -> None:
    assert {one.value for one in StampVerdict} == {one.value for one in Verdict} - {"not_stamped"}
