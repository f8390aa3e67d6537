"""Receipts and their keys as JWS (RFC 7515).

A receipt is signed with Ed25519 (RFC 9864). The statement that a key signs the receipts of one hour
is signed with ES256 by the key service. A receipt has at most `MAX_RECEIPT_CHARACTERS`, which a QR
code of version 20 holds.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from joserfc.jwk import ECKey, OKPKey

from meterai.domain.stamping.receipts import KEY_LASTS, Receipt, ReceiptKey
from meterai.domain.stamping.serials import parse_serial
from meterai.trust import jws
from meterai.trust.jws import SignedTextWrong, bytes_of, json_part, okp, text_of

RECEIPT_TYPE = "meterai-receipt+jwt"
MAX_RECEIPT_CHARACTERS = 560
KEY_ID_BYTES = 9  # of a key's RFC 7638 thumbprint

Certify = Callable[[bytes], bytes]


@dataclass(frozen=True, slots=True)
class JwsReceiptSigner:
    """`issuer` is the public host. `certify` returns ECDSA over P-256 with SHA-256: r and s of
    32 bytes each."""

    issuer: str
    certify: Certify
    root_public_key: Callable[[], bytes]  # SubjectPublicKeyInfo, in DER

    def root(self) -> str:
        """The public half of the root key, as a JWK (RFC 7517)."""
        key = ECKey.import_key(self.root_public_key(), {"use": "sig", "alg": "ES256"})
        return json.dumps(key.as_dict(private=False), separators=(",", ":"))

    def new_key(self, hour: datetime) -> ReceiptKey:
        made = OKPKey.generate_key("Ed25519", private=True)
        thumbprint = bytes_of(made.thumbprint())[:KEY_ID_BYTES]
        return ReceiptKey(
            key_id=f"{hour:%Y%m%d%H}-{text_of(thumbprint)}",
            hour=hour,
            private=bytes_of(str(made.as_dict(private=True)["d"])),
        )

    def statement(self, key: ReceiptKey) -> str:
        """Makes one Sign call of the key service."""
        public = okp(key).as_dict(private=False)
        claims = {
            "iss": self.issuer,
            "sub": key.key_id,
            "jwk": {name: public[name] for name in ("kty", "crv", "x")},
            "nbf": int(key.hour.timestamp()),
            "exp": int((key.hour + KEY_LASTS).timestamp()),
        }
        message = f"{json_part({'alg': 'ES256', 'typ': jws.KEY_TYPE})}.{json_part(claims)}"
        return f"{message}.{text_of(self.certify(message.encode()))}"

    def signed(self, receipt: Receipt, key: ReceiptKey) -> str:
        """The same receipt and key always give the same text."""
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": receipt.account,
            "iat": int(receipt.accepted_at.timestamp()),
            "doc": text_of(bytes.fromhex(receipt.document)),
            "jti": receipt.stamping,
        }
        if receipt.portal is not None:
            claims["aud"] = receipt.portal
        return jws.signed(claims, RECEIPT_TYPE, key)


def key_id_of(text: str) -> str:
    """The id of the key that must be fetched before a receipt can be verified. Raises
    SignedTextWrong."""
    return jws.key_id_of(text, RECEIPT_TYPE, "receipt")


def check(text: str, statement: str, root: Mapping[str, str]) -> tuple[str, Receipt]:
    """The issuer and the receipt; see `jws.checked`. Raises SignedTextWrong."""
    claims = jws.checked(text, RECEIPT_TYPE, "receipt", statement=statement, root=root)
    try:
        return _read(claims)
    except (KeyError, TypeError, ValueError) as error:
        raise SignedTextWrong("the receipt lacks a claim, or one has the wrong form") from error


def _read(claims: Mapping[str, Any]) -> tuple[str, Receipt]:
    stamping = parse_serial(claims["jti"])
    if stamping is None:
        raise SignedTextWrong("the receipt names no stamping")
    receipt = Receipt(
        account=claims["sub"],
        document=bytes_of(claims["doc"]).hex(),
        stamping=stamping,
        accepted_at=datetime.fromtimestamp(claims["iat"], UTC),
        portal=claims.get("aud"),
    )
    return str(claims["iss"]), receipt
