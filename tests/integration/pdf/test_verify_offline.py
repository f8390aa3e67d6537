"""`python -m meterai_cli verify`: the verdicts of the API, from files alone."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import pem

from meterai.domain.errors import Unavailable
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.verdicts import Verdict
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.pdf.verification.changes import judge
from meterai_cli.__main__ import main
from meterai_cli.verify import BY_SIGNATURE_ALONE, EXITS, Exit
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.qr_pages import qr_pages
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.published_record import published_record
from tests.integration.pdf.stamping import a_spec, serial, stamped

LETTER = document()
STAMPED = stamped(LETTER)
AGAIN = stamped(STAMPED, a_spec(2, Placement(1, 100, 600, 54)))
CHANGED = STAMPED.replace(b"841.89", b"841.88")

Verify = Callable[..., tuple[int, dict[str, Any]]]


RECORDS = [
    published_record(serial(1), STAMPED, LETTER),
    published_record(serial(2), AGAIN, STAMPED),
]


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    path = tmp_path / "manifest.json"
    ours = authority()
    path.write_text(SigningKeyring(ours.signer.certificate, (), (ours.root,)).to_json())
    return path


@pytest.fixture
def verify(manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Verify:
    """The exit status and the answer on a file, with these records or none."""

    def run(
        content: bytes, records: list[dict[str, Any]] | None = None
    ) -> tuple[int, dict[str, Any]]:
        path, published = tmp_path / "file.pdf", tmp_path / "records.jsonl"
        path.write_bytes(content)
        given = [] if records is None else ["--records", str(published)]
        published.write_text("\n".join(map(json.dumps, records or [])))
        status = main(["verify", "--json", "--manifest", str(manifest), *given, str(path)])
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return status, answer

    return run


@pytest.mark.parametrize(
    ("content", "verdict", "by_records"),
    [
        pytest.param(STAMPED, "genuine", "genuine", id="as issued"),
        pytest.param(AGAIN, "extended", "genuine", id="stamped twice"),
        pytest.param(signed_by(authority().person, STAMPED), "extended", "extended", id="signed"),
        pytest.param(CHANGED, "altered", "altered", id="changed"),
        pytest.param(qr_pages(serial(1)), "copy", "copy", id="a picture"),
        pytest.param(STAMPED[:-300], "unreadable", "altered", id="cut off"),
        pytest.param(signed_by(authority().person, LETTER), "foreign", "foreign", id="others'"),
        pytest.param(LETTER, "not_stamped", "not_stamped", id="not stamped"),
        pytest.param(b"GIF89a", "unreadable", "unreadable", id="no PDF"),
    ],
)
def test_a_file_is_judged_with_records_and_without(
    verify: Verify, content: bytes, verdict: str, by_records: str
) -> None:
    for records, expected in ((None, verdict), (RECORDS, by_records)):
        status, answer = verify(content, records)
        assert answer["verdict"] == expected
        assert answer["by_records"] is (records is not None)
        assert status == EXITS[Verdict(expected)]
        assert answer["message"]


def test_without_records_what_the_signature_proves_is_told_apart(verify: Verify) -> None:
    (stamp,) = verify(STAMPED)[1]["stamps"]
    told = {name: stamp[name] for name in ("integrity", "certificate", "trust", "signer", "page")}
    assert told == {
        "integrity": "intact",
        "certificate": "ours",
        "trust": "trusted",
        "signer": "Meterai Uji",
        "page": None,
    }


def test_a_signature_that_is_not_on_record_is_unrecorded_where_records_are_given(
    verify: Verify,
) -> None:
    assert verify(STAMPED, [])[1]["verdict"] == "unrecorded"
    withdrawn = [RECORDS[0] | {"outputs": [], "state": "void"}]
    assert verify(STAMPED, withdrawn)[1]["verdict"] == "withdrawn"


def test_a_certificate_that_is_not_the_systems_makes_nothing_genuine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same root certifies others."""
    ours, path = authority(), tmp_path / "file.pdf"
    path.write_bytes(STAMPED)
    of_person, own, root = (tmp_path / name for name in ("person", "own", "root"))
    of_person.write_bytes(pem.armor("CERTIFICATE", ours.person.certificate.der))
    own.write_bytes(pem.armor("CERTIFICATE", ours.signer.certificate.der))
    root.write_bytes(pem.armor("CERTIFICATE", ours.root))
    given = ["--root", str(root), str(path)]
    assert main(["verify", "--certificate", str(own), *given]) == Exit.PROVEN
    assert BY_SIGNATURE_ALONE in capsys.readouterr().out
    assert main(["verify", "--certificate", str(of_person), *given]) == Exit.NOT_PROVEN
    assert f"e-meterai  {serial(1)}: copy" in capsys.readouterr().out


def test_the_lines_say_verdict_stamps_and_later_changes(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.pdf"
    path.write_bytes(signed_by(authority().person, STAMPED))
    options = ["--manifest", str(manifest), "--language", "id"]
    assert main(["verify", *options, str(path)]) == Exit.PROVEN
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "verdict    extended"
    assert f"e-meterai  {serial(1)}: extended" in said
    assert any(
        one.startswith("later      revision 1: signature, page 1, by") and "Tanda tangan" in one
        for one in said
    )


@pytest.mark.parametrize(
    "records",
    [
        "{",
        '{"serial": "A"}',
        json.dumps(RECORDS[0] | {"outputs": ["zz.1"]}),
        json.dumps(RECORDS[0] | {"state": "lost"}),
        "[3]",
    ],
)
def test_wrong_input_has_a_status_of_its_own(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], records: str
) -> None:
    path, published = tmp_path / "file.pdf", tmp_path / "records.json"
    path.write_bytes(STAMPED)
    published.write_text(records)
    given = ["verify", "--manifest", str(manifest), "--records", str(published), str(path)]
    assert main(given) == Exit.WRONG_INPUT
    assert "RecordsWrong" in capsys.readouterr().err


def test_what_is_missing_or_no_manifest_is_wrong_input(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "file.pdf"
    assert main(["verify", "--manifest", str(manifest), str(path)]) == Exit.WRONG_INPUT
    path.write_bytes(STAMPED)
    assert main(["verify", "--manifest", str(path), str(path)]) == Exit.WRONG_INPUT
    assert main(["verify", str(path)]) == Exit.WRONG_INPUT
    assert "give --manifest" in capsys.readouterr().err


def test_records_may_be_one_array(
    manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, published = tmp_path / "file.pdf", tmp_path / "records.json"
    path.write_bytes(AGAIN)
    published.write_text(json.dumps(RECORDS))
    given = ["--manifest", str(manifest), "--records", str(published), str(path)]
    assert main(["verify", *given]) == Exit.PROVEN
    assert capsys.readouterr().out.startswith("verdict    genuine")


def test_a_file_that_cannot_be_judged_now_is_told_apart(
    manifest: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def without_process(*_: object, **__: object) -> None:
        raise Unavailable(party="sandbox", reason="no_process")

    monkeypatch.setattr(judge, "run_sandboxed", without_process)
    path = tmp_path / "file.pdf"
    path.write_bytes(AGAIN)
    assert main(["verify", "--manifest", str(manifest), str(path)]) == Exit.NOT_NOW
    assert "cannot be judged now" in capsys.readouterr().err


def test_every_verdict_has_an_exit_status() -> None:
    assert EXITS.keys() == set(Verdict)
