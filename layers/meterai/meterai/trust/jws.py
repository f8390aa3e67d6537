"""What an hour's key signs, as JWS (RFC 7515): Ed25519 (RFC 9864), and beside it the root key's
statement, in ES256, that the key is ours and for which hour.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from meterai.domain.stamping.receipts import ReceiptKey

KEY_TYPE = "meterai-receipt-key+jwt"


class SignedTextWrong(Exception):
    """Not a text that this system signed. The message says why."""


def signed(said: Mapping[str, Any], kind: str, key: ReceiptKey) -> str:
    """`kind` is the header's `typ`. The same content and key are the same text: Ed25519 draws no
    random number."""
    header = {"alg": "Ed25519", "kid": key.key_id, "typ": kind}
    payload = json.dumps(said, separators=(",", ":"))
    return jws.serialize_compact(header, payload, okp(key), algorithms=["Ed25519"])


def key_id_of(text: str, kind: str, what: str) -> str:
    """Of the key that is to be fetched before the text can be checked. Raises SignedTextWrong."""
    try:
        header = jws.extract_compact(text.encode()).headers()
    except (JoseError, ValueError) as error:
        raise SignedTextWrong(f"this is no {what}") from error
    if header.get("typ") != kind or not isinstance(header.get("kid"), str):
        raise SignedTextWrong(f"this is no {what}")
    return str(header["kid"])


def checked(
    text: str, kind: str, what: str, *, statement: str, root: Mapping[str, str]
) -> dict[str, Any]:
    """What it says, if a key that the root key vouches for signed it, within that key's hour.
    `root` is a public JWK that is known beforehand; `what` names the kind of text in messages.
    Raises SignedTextWrong."""
    vouched = _said(statement, ECKey.import_key(dict(root)), "ES256", KEY_TYPE, "key's statement")
    if vouched["sub"] != key_id_of(text, kind, what):
        raise SignedTextWrong("the statement is about another key")
    said = _said(text, OKPKey.import_key(vouched["jwk"]), "Ed25519", kind, what)
    try:
        if said["iss"] != vouched["iss"]:
            raise SignedTextWrong("the key belongs to another system")
        if not vouched["nbf"] <= said["iat"] < vouched["exp"]:
            raise SignedTextWrong(f"the {what} is dated outside its key's hour")
    except (KeyError, TypeError) as error:
        raise SignedTextWrong(f"the {what} does not say what a {what} says") from error
    return said


def _said(text: str, key: OKPKey | ECKey, algorithm: str, kind: str, what: str) -> dict[str, Any]:
    try:
        opened = jws.deserialize_compact(text, key, algorithms=[algorithm])
        said = json.loads(opened.payload)
    except (JoseError, ValueError) as error:
        raise SignedTextWrong(f"the {what} is not signed as it should be") from error
    if opened.headers().get("typ") != kind or not isinstance(said, dict):
        raise SignedTextWrong(f"this is no {what}")
    return cast("dict[str, Any]", said)


def okp(key: ReceiptKey) -> OKPKey:
    return OKPKey(Ed25519PrivateKey.from_private_bytes(key.private), None)


def json_part(value: Mapping[str, Any]) -> str:
    return text_of(json.dumps(value, separators=(",", ":")).encode())


def text_of(content: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
