"""Verification reports as JWS: signed and checked as receipts are (`meterai.trust.receipts`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from meterai.domain.stamping.file_evidence import CertificateOf, Integrity, Revocation, Trust
from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.receipts import ReceiptKey
from meterai.domain.stamping.reports import Report, ReportedStamp
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.verdicts import Verdict
from meterai.trust import jws
from meterai.trust.jws import SignedTextWrong, bytes_of, text_of

REPORT_TYPE = "meterai-verification-report+jwt"
WHAT = "report"


@dataclass(frozen=True, slots=True)
class JwsReportSigner:
    """`issuer` is the public host."""

    issuer: str

    def __call__(self, report: Report, key: ReceiptKey) -> str:
        said = {
            "iss": self.issuer,
            "iat": int(report.verified_at.timestamp()),
            "doc": text_of(bytes.fromhex(report.document)),
            "size": report.size_bytes,
            "verdict": report.verdict,
            "cause": report.cause,
            "stamps": [_stamp_said(one) for one in report.stamps],
            "changes": [_change_said(one) for one in report.changes],
        }
        return jws.signed(said, REPORT_TYPE, key)


def key_id_of(text: str) -> str:
    """Of the key that is to be fetched before a report can be checked. Raises SignedTextWrong."""
    return jws.key_id_of(text, REPORT_TYPE, WHAT)


def check(text: str, statement: str, root: Mapping[str, str]) -> tuple[str, Report]:
    """Whose it is, and what it says; see `jws.checked`. Raises SignedTextWrong."""
    said = jws.checked(text, REPORT_TYPE, WHAT, statement=statement, root=root)
    try:
        report = Report(
            document=bytes_of(said["doc"]).hex(),
            size_bytes=int(said["size"]),
            verified_at=datetime.fromtimestamp(said["iat"], UTC),
            verdict=Verdict(said["verdict"]),
            cause=said["cause"],
            stamps=tuple(_stamp(one) for one in said["stamps"]),
            changes=tuple(_change(one) for one in said["changes"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise SignedTextWrong("the report does not say what a report says") from error
    return str(said["iss"]), report


def _stamp_said(stamp: ReportedStamp) -> dict[str, Any]:
    return {
        "serial": stamp.serial,
        "verdict": stamp.verdict,
        "cause": stamp.cause,
        "stamped_at": _seconds(stamp.stamped_at),
        "page": stamp.page,
        "box": stamp.box,
        "integrity": stamp.integrity,
        "certificate": stamp.certificate,
        "trust": stamp.trust,
        "revocation": stamp.revocation,
    }


def _stamp(said: Mapping[str, Any]) -> ReportedStamp:
    return ReportedStamp(
        serial=Serial(said["serial"]),
        verdict=Verdict(said["verdict"]),
        cause=said["cause"],
        stamped_at=_time(said["stamped_at"]),
        page=said["page"],
        box=_box(said["box"]),
        integrity=Integrity(said["integrity"]),
        certificate=CertificateOf(said["certificate"]),
        trust=Trust(said["trust"]),
        revocation=Revocation(said["revocation"]),
    )


def _change_said(change: Change) -> dict[str, Any]:
    return {
        "revision": change.revision,
        "what": change.what,
        "page": change.page,
        "box": change.box,
        "signer": change.signer,
        "at": _seconds(change.at),
        "part": change.part,
    }


def _change(said: Mapping[str, Any]) -> Change:
    return Change(
        revision=said["revision"],
        what=ChangeKind(said["what"]),
        page=said["page"],
        box=_box(said["box"]),
        signer=said["signer"],
        at=_time(said["at"]),
        part=said["part"],
    )


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _time(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _box(said: list[float] | None) -> tuple[float, float, float, float] | None:
    if said is None:
        return None
    left, bottom, right, top = (float(one) for one in said)
    return left, bottom, right, top
