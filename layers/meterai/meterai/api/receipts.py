"""Deadline receipts."""

import json
from typing import Annotated

from pydantic import Field

from meterai.api.models import Answer

ReceiptText = Annotated[
    str,
    Field(
        description="A JWS (RFC 7515, Ed25519): `doc` SHA-256 of the document, `sub` the account's "
        "pseudonym, `jti` the stamping, `aud` the portal, `iat` when it was accepted. Small enough "
        "for a QR code. Checked offline with GET /v1/receipt-keys/{kid}"
    ),
]


class ReceiptAnswer(Answer):
    """Proves that a document was accepted for stamping, and when. The same one for a day."""

    receipt: ReceiptText


class ReceiptKeyAnswer(Answer):
    """What a receipt is checked with. Fetch it beforehand, keep it, and check offline."""

    key_id: str
    statement: str | None = Field(
        description="A JWS (ES256, by the root key): which Ed25519 key (`jwk`) signs the receipts "
        "with this `kid`, dated from `nbf` to before `exp`; null for `root`"
    )
    jwk: dict[str, str] | None = Field(
        description="Of `root` alone: its public half (RFC 7517), to be known beforehand"
    )

    @classmethod
    def of(cls, key_id: str, published: str) -> "ReceiptKeyAnswer":
        if key_id == "root":
            return cls(key_id=key_id, statement=None, jwk=json.loads(published))
        return cls(key_id=key_id, statement=published, jwk=None)
