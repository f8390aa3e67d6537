"""GET /v1/receipt-keys/{key_id}: with it a portal verifies receipts offline."""

import hashlib
import json
from pathlib import Path

import pytest

from meterai.trust.jws import json_part, text_of
from meterai.trust.receipts import RECEIPT_TYPE
from meterai_cli.__main__ import main
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.receipts import accepted, keys_of
from tests.unit.functions.story import DOCUMENT, SERIAL


def test_a_receipt_given_on_acceptance_is_verified_offline_by_a_portal(
    memory_app: FunctionApp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = accepted(memory_app)
    key_id = memory_app.state.receipt_keys[0].key_id
    for name, text in keys_of(memory_app, "root", key_id).items():
        (tmp_path / name).write_text(text)
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(DOCUMENT)
    asked = ["check-receipt", "--keys", str(tmp_path), "--document", str(letter), receipt]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "accepted   2026-11-24T02:01:00+00:00" in said
    assert hashlib.sha256(DOCUMENT).hexdigest() in said
    assert (SERIAL in said, "sscasn" in said) == (True, True)
    letter.write_bytes(DOCUMENT + b"%")
    assert main(asked) == 1
    assert "another document" in capsys.readouterr().err
    (tmp_path / key_id).unlink()
    assert main(asked) == 1
    assert f"fetch it from /v1/receipt-keys/{key_id}" in capsys.readouterr().err


def test_keys_and_files_that_are_not_what_they_should_be_are_told(
    memory_app: FunctionApp, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    receipt = accepted(memory_app)
    key_id = memory_app.state.receipt_keys[0].key_id
    for name, text in keys_of(memory_app, "root", key_id).items():
        (tmp_path / name).write_text(text)
    asked = ["check-receipt", "--keys", str(tmp_path), receipt]
    assert main([*asked, "--document", str(tmp_path / "none.pdf")]) == 2
    for name, wrong in (("root", "{"), ("root", '{"jwk": {}}'), (key_id, "[]")):
        right = (tmp_path / name).read_text()
        (tmp_path / name).write_text(wrong)
        assert main(asked) == 2
        (tmp_path / name).write_text(right)
        assert str(tmp_path / name) in capsys.readouterr().err
    assert main(["check-report", "--keys", str(tmp_path), str(tmp_path / "none.jws")]) == 2


def test_a_key_id_leads_to_no_file_outside_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "outside").write_text('{"statement": "a.b.c"}')
    (tmp_path / "keys").mkdir()
    header = {"alg": "Ed25519", "kid": "../outside", "typ": RECEIPT_TYPE}
    text = f"{json_part(header)}.{json_part({})}.{text_of(bytes(64))}"
    assert main(["check-receipt", "--keys", str(tmp_path / "keys"), text]) == 1
    assert "its key id" in capsys.readouterr().err


def test_an_unknown_key_is_not_found(memory_app: FunctionApp) -> None:
    assert memory_app.request(sample("read_receipt_key.unknown")).status == 404


def test_the_root_key_is_a_jwk(memory_app: FunctionApp) -> None:
    memory_app.invoke("renew_receipt_key", sample("renew_receipt_key"))
    root = json.loads(keys_of(memory_app, "root")["root"])["jwk"]
    assert {name: root[name] for name in ("kty", "crv", "use")} == {
        "kty": "EC",
        "crv": "P-256",
        "use": "sig",
    }
    assert "d" not in root
