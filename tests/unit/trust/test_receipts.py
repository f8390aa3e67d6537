"""Deadline receipts: small, verifiable by anybody with one public key, and made by nobody else."""

import base64
import hmac
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import segno
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.jwk import ECKey, OKPKey
from PIL import Image

from meterai.domain.stamping.receipts import Receipt, ReceiptKey, hour_of
from meterai.domain.stamping.serials import Serial
from meterai.trust.jws import SignedTextWrong
from meterai.trust.receipts import MAX_RECEIPT_CHARACTERS, JwsReceiptSigner, check, key_id_of
from tests.fakes.receipt_signer import local_receipt_signer

QUIET = 4  # modules around the code
NOW = datetime(2026, 11, 24, 16, 40, 7, tzinfo=UTC)  # 23:40:07 in Jakarta
ISSUER = "meterai-elektronik.example"[:28]
SIGNER = local_receipt_signer(ISSUER)
ROOT = json.loads(SIGNER.root())
KEY = SIGNER.new_key(hour_of(NOW))
STATEMENT = SIGNER.statement(KEY)
RECEIPT = Receipt(
    account="c7o3f2x5q4w6e7r2t3y4u5i6o7",
    document="0123456789abcdef" * 4,
    stamping=Serial("JV8RH39WN63LOXI5LGYQ3N"),
    accepted_at=NOW,
    portal="sscasn",
)
SIGNED = SIGNER.signed(RECEIPT, KEY)


def test_the_root_key_is_enough_to_verify_it_offline() -> None:
    assert check(SIGNED, STATEMENT, ROOT) == (ISSUER, RECEIPT)


def test_a_receipt_without_a_portal_has_none() -> None:
    receipt = replace(RECEIPT, portal=None)
    assert check(SIGNER.signed(receipt, KEY), STATEMENT, ROOT) == (ISSUER, receipt)


def test_the_same_receipt_is_the_same_text() -> None:
    assert SIGNER.signed(RECEIPT, KEY) == SIGNED
    assert "." not in KEY.key_id
    assert key_id_of(SIGNED) == KEY.key_id


def test_a_phone_reads_it_from_a_qr_code() -> None:
    """At error correction L and 4 pixels a module, as a page would show it."""
    longest = replace(RECEIPT, portal="p" * 32)
    text = JwsReceiptSigner("h" * 28, SIGNER.certify, SIGNER.root_public_key).signed(longest, KEY)
    assert len(text) <= MAX_RECEIPT_CHARACTERS
    code = segno.make(text, error="l", micro=False)
    assert int(code.version) <= 20
    side = len(code.matrix) + 2 * QUIET
    rows = b"".join(bytes(255 * (1 - cell) for cell in row) for row in code.matrix_iter(1, QUIET))
    picture = Image.frombytes("L", (side, side), rows).resize((4 * side, 4 * side))
    (found,) = zxingcpp.read_barcodes(picture)
    assert found.text == text


def test_any_jws_library_reads_it() -> None:
    public = json.loads(base64.urlsafe_b64decode(STATEMENT.split(".")[1] + "=="))["jwk"]
    opened = jws.deserialize_compact(SIGNED, OKPKey.import_key(public), algorithms=["Ed25519"])
    assert json.loads(opened.payload) == {
        "iss": ISSUER,
        "sub": RECEIPT.account,
        "iat": 1_795_538_407,
        "doc": "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8",
        "jti": RECEIPT.stamping,
        "aud": "sscasn",
    }


def altered(text: str, part: int, **changes: object) -> str:
    parts = text.split(".")
    claims = json.loads(base64.urlsafe_b64decode(parts[part] + "==")) | changes
    parts[part] = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return ".".join(parts)


@pytest.mark.parametrize(
    "change",
    [{"iat": 1_795_538_000}, {"doc": "A" * 43}, {"sub": "another"}, {"aud": "elsewhere"}],
    ids=["sooner", "another document", "somebody else's", "another portal's"],
)
def test_an_altered_receipt_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(SignedTextWrong, match="not signed as it should be"):
        check(altered(SIGNED, 1, **change), STATEMENT, ROOT)


def test_an_altered_statement_is_refused() -> None:
    with pytest.raises(SignedTextWrong, match="key's statement"):
        check(SIGNED, altered(STATEMENT, 1, exp=2_000_000_000), ROOT)


def test_a_key_that_the_root_key_did_not_certify_is_refused() -> None:
    other_root = ECKey.generate_key("P-256", private=False).as_dict(private=False)
    with pytest.raises(SignedTextWrong, match="key's statement"):
        check(SIGNED, STATEMENT, {name: str(value) for name, value in other_root.items()})


def test_another_keys_statement_is_refused() -> None:
    other = SIGNER.new_key(hour_of(NOW))
    with pytest.raises(SignedTextWrong, match="about another key"):
        check(SIGNED, SIGNER.statement(other), ROOT)


@pytest.mark.parametrize("off", [timedelta(hours=-1), timedelta(minutes=20)], ids=str)
def test_a_stolen_key_dates_nothing_outside_its_hour(off: timedelta) -> None:
    receipt = replace(RECEIPT, accepted_at=NOW + off)
    with pytest.raises(SignedTextWrong, match="outside its key's hour"):
        check(SIGNER.signed(receipt, KEY), STATEMENT, ROOT)


def test_another_issuers_receipt_is_refused() -> None:
    other = local_receipt_signer("other.example").signed(RECEIPT, KEY)
    with pytest.raises(SignedTextWrong, match="another system"):
        check(other, STATEMENT, ROOT)


def test_a_statement_is_no_receipt_and_a_receipt_no_statement() -> None:
    with pytest.raises(SignedTextWrong):
        check(STATEMENT, STATEMENT, ROOT)
    with pytest.raises(SignedTextWrong):
        check(SIGNED, SIGNED, ROOT)


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", SIGNED[:-4], "." * 200, SIGNED + "."])
def test_a_text_that_is_no_receipt_is_refused(text: str) -> None:
    with pytest.raises(SignedTextWrong):
        check(text, STATEMENT, ROOT)


def signed_by_hand(payload: bytes, **header: object) -> str:
    """Signed with the hour's key by somebody who stole it."""
    claims = {"alg": "Ed25519", "kid": KEY.key_id, "typ": "meterai-receipt+jwt"} | header
    parts = (json.dumps(claims).encode(), payload)
    message = ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
    signature = Ed25519PrivateKey.from_private_bytes(KEY.private).sign(message.encode())
    return f"{message}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "EdDSA"},
        {"alg": "ES256"},
        {"alg": ["Ed25519"]},
        {"crit": ["exp"]},
        {"crit": ["b64"], "b64": False},
        {"kid": "another"},
        {"kid": 7},
        {"typ": "JWT"},
    ],
    ids=str,
)
def test_a_header_of_another_form_is_refused(header: dict[str, object]) -> None:
    payload = base64.urlsafe_b64decode(SIGNED.split(".")[1] + "==")
    assert check(signed_by_hand(payload), STATEMENT, ROOT)[1] == RECEIPT
    with pytest.raises(SignedTextWrong):
        check(signed_by_hand(payload, **header), STATEMENT, ROOT)


@pytest.mark.parametrize("algorithm", ["HS256", "HS512"])
def test_the_public_key_does_not_work_as_a_shared_secret(algorithm: str) -> None:
    jwk = json.loads(base64.urlsafe_b64decode(STATEMENT.split(".")[1] + "=="))["jwk"]
    header = {"alg": algorithm, "kid": KEY.key_id, "typ": "meterai-receipt+jwt"}
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    message = f"{head}.{SIGNED.split('.')[1]}"
    for secret in (base64.urlsafe_b64decode(jwk["x"] + "="), json.dumps(jwk).encode()):
        mark = hmac.digest(secret, message.encode(), f"sha{algorithm[2:]}")
        text = f"{message}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"
        with pytest.raises(SignedTextWrong):
            check(text, STATEMENT, ROOT)


@pytest.mark.parametrize(
    "payload",
    [b"[]", b"{}", b"null", b"\xff", b'{"iss":"%b","iat":"now"}' % ISSUER.encode()],
    ids=str,
)
def test_a_signed_text_with_other_claims_is_refused(payload: bytes) -> None:
    with pytest.raises(SignedTextWrong):
        check(signed_by_hand(payload), STATEMENT, ROOT)


def test_an_unsigned_text_is_refused() -> None:
    header = base64.urlsafe_b64encode(
        json.dumps({"alg": "none", "kid": KEY.key_id, "typ": "meterai-receipt+jwt"}).encode()
    )
    text = f"{header.rstrip(b'=').decode()}.{SIGNED.split('.')[1]}."
    with pytest.raises(SignedTextWrong):
        check(text, STATEMENT, ROOT)


def test_a_keys_private_half_is_never_printed() -> None:
    assert repr(KEY.private) not in repr(KEY)
    assert isinstance(KEY, ReceiptKey)
    assert len(KEY.private) == 32
