"""Verification reports: filed away by a portal, checked by anybody with one public key."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey

from meterai.domain.stamping.file_evidence import CertificateOf, Integrity, Revocation, Trust
from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.receipts import Receipt, hour_of
from meterai.domain.stamping.reports import (
    MAX_CHANGES,
    MAX_STAMPS,
    Report,
    ReportedStamp,
    report_of,
)
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.verdicts import JudgedStamp, Verdict, VerificationResult
from meterai.trust import receipts
from meterai.trust.jws import SignedTextWrong, bytes_of
from meterai.trust.reports import JwsReportSigner, check, key_id_of
from meterai_cli.signed_texts import KeyFolder
from meterai_cli.verification_report import report as printed
from tests.fakes.receipt_signer import local_receipt_signer

NOW = datetime(2026, 11, 24, 16, 40, 7, tzinfo=UTC)
ISSUER = "meterai.example"
SEAL = local_receipt_signer(ISSUER)
ROOT = json.loads(SEAL.root())
KEY = SEAL.new_key(hour_of(NOW))
STATEMENT = SEAL.statement(KEY)
SERIAL = Serial("JV8RH39WN63LOXI5LGYQ3N")
REPORT = Report(
    document="0123456789abcdef" * 4,
    size_bytes=48_211,
    verified_at=NOW,
    verdict=Verdict.COVERED,
    cause="filled",
    stamps=(
        ReportedStamp(
            SERIAL,
            Verdict.COVERED,
            "filled",
            NOW - timedelta(days=3),
            -1,
            (300.0, 250.0, 380.0, 330.0),
            Integrity.AS_ISSUED,
            CertificateOf.OURS,
            Trust.TRUSTED,
            Revocation.GOOD,
        ),
        ReportedStamp(
            Serial("another"),
            Verdict.ALTERED,
            "incomplete",
            None,
            None,
            None,
            Integrity.BROKEN,
            CertificateOf.OTHERS,
            Trust.NOT_TRUSTED,
            Revocation.REVOKED,
        ),
    ),
    changes=(
        Change(1, ChangeKind.SIGNATURE, 2, (60.0, 60.5, 160.0, 100.0), "Budi", NOW),
        Change(2, ChangeKind.FIELD_VALUE),
        Change(3, ChangeKind.UNREADABLE_DATA, part="/OCSPs 1"),
    ),
)
SIGN = JwsReportSigner(ISSUER)
SIGNED = SIGN(REPORT, KEY)


def test_the_root_key_is_enough_to_verify_it_offline() -> None:
    assert check(SIGNED, STATEMENT, ROOT) == (ISSUER, REPORT)
    assert key_id_of(SIGNED) == KEY.key_id


def test_any_jws_library_reads_it() -> None:
    public = json.loads(bytes_of(STATEMENT.split(".")[1]))["jwk"]
    opened = jws.deserialize_compact(SIGNED, OKPKey.import_key(public), algorithms=["Ed25519"])
    said = json.loads(opened.payload)
    assert {name: said[name] for name in ("iss", "iat", "size", "verdict", "cause")} == {
        "iss": ISSUER,
        "iat": 1_795_538_407,
        "size": 48_211,
        "verdict": "covered",
        "cause": "filled",
    }
    assert bytes_of(said["doc"]).hex() == REPORT.document
    assert [one["serial"] for one in said["stamps"]] == [SERIAL, "another"]
    checked = ("integrity", "certificate", "trust", "revocation")
    assert [tuple(one[name] for name in checked) for one in said["stamps"]] == [
        ("as_issued", "ours", "trusted", "good"),
        ("broken", "others", "not_trusted", "revoked"),
    ]
    assert [one["what"] for one in said["changes"]] == [
        "signature",
        "field_value",
        "unreadable_data",
    ]


def test_the_command_prints_what_was_checked_of_each_stamp(tmp_path: Path) -> None:
    (tmp_path / "root").write_text(json.dumps({"jwk": ROOT}))
    (tmp_path / KEY.key_id).write_text(json.dumps({"statement": STATEMENT}))
    lines = printed(SIGNED, KeyFolder(tmp_path), None).splitlines()
    assert [line for line in lines if "integrity" in line] == [
        "           integrity as_issued, certificate ours, trust trusted, revocation good",
        "           integrity broken, certificate others, trust not_trusted, revocation revoked",
    ]


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(minutes=20)], ids=str)
def test_a_stolen_key_dates_nothing_outside_its_hour(off: timedelta) -> None:
    with pytest.raises(SignedTextWrong, match="outside its key's hour"):
        check(SIGN(replace(REPORT, verified_at=NOW + off), KEY), STATEMENT, ROOT)


def test_another_issuers_report_is_refused() -> None:
    with pytest.raises(SignedTextWrong, match="another system"):
        check(JwsReportSigner("other.example")(REPORT, KEY), STATEMENT, ROOT)


def test_a_receipt_does_not_pass_for_a_report_nor_the_other_way() -> None:
    receipt = SEAL.signed(Receipt("a", REPORT.document, SERIAL, NOW, None), KEY)
    with pytest.raises(SignedTextWrong, match="no report"):
        check(receipt, STATEMENT, ROOT)
    with pytest.raises(SignedTextWrong, match="no receipt"):
        receipts.check(SIGNED, STATEMENT, ROOT)


@pytest.mark.parametrize("text", ["", "a.b.c", SIGNED[:-4], SIGNED.replace(".", ".A", 1)])
def test_what_is_no_report_is_refused(text: str) -> None:
    with pytest.raises(SignedTextWrong):
        check(text, STATEMENT, ROOT)


def test_a_report_of_very_many_stamps_and_changes_is_cut() -> None:
    result = VerificationResult(
        Verdict.GENUINE,
        stamps=(JudgedStamp(SERIAL, Verdict.GENUINE),) * (MAX_STAMPS + 1),
        changes=(Change(1, ChangeKind.OTHER),) * (MAX_CHANGES + 1),
        size_bytes=7,
    )
    made = report_of("0" * 64, result, NOW.replace(microsecond=9))
    assert (len(made.stamps), len(made.changes)) == (MAX_STAMPS, MAX_CHANGES)
    assert check(SIGN(made, KEY), STATEMENT, ROOT)[1] == made
