"""Receipts and their keys as JWS (RFC 7515): Ed25519 (RFC 9864) for a receipt; ES256, by the key
service, for the statement that a key of ours signs the receipts of one hour.

A receipt is at most `LARGEST` characters, which a QR code of version 20 holds.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from meterai.domain.stamping.receipts import KEY_LASTS, Receipt, ReceiptKey
from meterai.domain.stamping.serials import parse_serial

RECEIPT_TYPE = "meterai-receipt+jwt"
KEY_TYPE = "meterai-receipt-key+jwt"
LARGEST = 560
KEY_ID_BYTES = 9  # of a key's RFC 7638 thumbprint

Certify = Callable[[bytes], bytes]


class ReceiptWrong(Exception):
    """Not a receipt of this system. The text says why."""


@dataclass(frozen=True, slots=True)
class JwsReceiptSigner:
    """`issuer` is the public host. `certify` answers ECDSA over P-256 with SHA-256, r and
    s as 32 bytes each."""

    issuer: str
    certify: Certify
    root_public_key: Callable[[], bytes]  # SubjectPublicKeyInfo, in DER

    def root(self) -> str:
        """The public half of the root key, as a JWK (RFC 7517)."""
        key = ECKey.import_key(self.root_public_key(), {"use": "sig", "alg": "ES256"})
        return json.dumps(key.as_dict(private=False), separators=(",", ":"))

    def new_key(self, hour: datetime) -> ReceiptKey:
        made = OKPKey.generate_key("Ed25519", private=True)
        thumbprint = base64.urlsafe_b64decode(made.thumbprint() + "=")[:KEY_ID_BYTES]
        return ReceiptKey(
            key_id=f"{hour:%Y%m%d%H}-{_text(thumbprint)}",
            hour=hour,
            private=base64.urlsafe_b64decode(str(made.as_dict(private=True)["d"]) + "="),
        )

    def statement(self, key: ReceiptKey) -> str:
        """One Sign of the key service."""
        public = _okp(key).as_dict(private=False)
        said = {
            "iss": self.issuer,
            "sub": key.key_id,
            "jwk": {name: public[name] for name in ("kty", "crv", "x")},
            "nbf": int(key.hour.timestamp()),
            "exp": int((key.hour + KEY_LASTS).timestamp()),
        }
        message = f"{_json({'alg': 'ES256', 'typ': KEY_TYPE})}.{_json(said)}"
        return f"{message}.{_text(self.certify(message.encode()))}"

    def signed(self, receipt: Receipt, key: ReceiptKey) -> str:
        """The same receipt and key are the same text: Ed25519 draws no random number."""
        said: dict[str, Any] = {
            "iss": self.issuer,
            "sub": receipt.account,
            "iat": int(receipt.accepted_at.timestamp()),
            "doc": _text(bytes.fromhex(receipt.document)),
            "jti": receipt.stamping,
        }
        if receipt.portal is not None:
            said["aud"] = receipt.portal
        header = {"alg": "Ed25519", "kid": key.key_id, "typ": RECEIPT_TYPE}
        payload = json.dumps(said, separators=(",", ":"))
        return jws.serialize_compact(header, payload, _okp(key), algorithms=["Ed25519"])


def key_id_of(text: str) -> str:
    """Of the key that is to be fetched before a receipt can be checked. Raises ReceiptWrong."""
    try:
        header = jws.extract_compact(text.encode()).headers()
    except (JoseError, ValueError) as error:
        raise ReceiptWrong("this is no receipt") from error
    if header.get("typ") != RECEIPT_TYPE or not isinstance(header.get("kid"), str):
        raise ReceiptWrong("this is no receipt")
    return str(header["kid"])


def check(text: str, statement: str, root: Mapping[str, str]) -> tuple[str, Receipt]:
    """Whose it is, and what it says, if a key that the system's root key vouches for signed it,
    within that key's hour. `root` is a public JWK that is known beforehand. Raises ReceiptWrong."""
    vouched = _said(statement, ECKey.import_key(dict(root)), "ES256", KEY_TYPE, "key's statement")
    if vouched["sub"] != key_id_of(text):
        raise ReceiptWrong("the statement is about another key")
    said = _said(text, OKPKey.import_key(vouched["jwk"]), "Ed25519", RECEIPT_TYPE, "receipt")
    try:
        return _read(said, vouched)
    except (KeyError, TypeError, ValueError) as error:
        raise ReceiptWrong("the receipt does not say what a receipt says") from error


def _read(said: Mapping[str, Any], vouched: Mapping[str, Any]) -> tuple[str, Receipt]:
    if said["iss"] != vouched["iss"]:
        raise ReceiptWrong("the key belongs to another system")
    if not vouched["nbf"] <= said["iat"] < vouched["exp"]:
        raise ReceiptWrong("the receipt is dated outside its key's hour")
    stamping = parse_serial(said["jti"])
    if stamping is None:
        raise ReceiptWrong("the receipt names no stamping")
    receipt = Receipt(
        account=said["sub"],
        document=base64.urlsafe_b64decode(said["doc"] + "=").hex(),
        stamping=stamping,
        accepted_at=datetime.fromtimestamp(said["iat"], UTC),
        portal=said.get("aud"),
    )
    return str(said["iss"]), receipt


def _said(text: str, key: OKPKey | ECKey, algorithm: str, kind: str, what: str) -> dict[str, Any]:
    try:
        opened = jws.deserialize_compact(text, key, algorithms=[algorithm])
        said = json.loads(opened.payload)
    except (JoseError, ValueError) as error:
        raise ReceiptWrong(f"the {what} is not signed as it should be") from error
    if opened.headers().get("typ") != kind or not isinstance(said, dict):
        raise ReceiptWrong(f"this is no {what}")
    return cast("dict[str, Any]", said)


def _okp(key: ReceiptKey) -> OKPKey:
    return OKPKey(Ed25519PrivateKey.from_private_bytes(key.private), None)


def _json(value: Mapping[str, Any]) -> str:
    return _text(json.dumps(value, separators=(",", ":")).encode())


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")
