"""The artefact of the signing key: who signs now, who signed before, and the roots of all trust.

It is one object, so that a change of key is one put: from then on the new key signs, and what the
old one signed goes on to be known as ours.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from meterai.pdf.signing.signing_certificate import IdentityError, SigningCertificate

VERSION = 2


class KeyringSource(Protocol):
    def __call__(self, *, anew: bool = False) -> "SigningKeyring":
        """As they were some minutes ago at most, or, `anew`, as they are."""
        ...


@dataclass(frozen=True)
class SigningKeyring:
    """`roots` (DER): what the chains of signers and of timestamp servers end in. Where none are
    named, the last of each identity's chain is trusted."""

    current: SigningCertificate
    former: tuple[SigningCertificate, ...] = ()
    roots: tuple[bytes, ...] = ()

    @cached_property
    def trusted(self) -> tuple[bytes, ...]:
        every = (self.current, *self.former)
        return self.roots or tuple({(one.chain or (one.certificate,))[-1]: None for one in every})

    @cached_property
    def certificates(self) -> frozenset[bytes]:
        """All that ever signed for the office. Others have certificates of the same authority."""
        return frozenset(one.certificate for one in (self.current, *self.former))

    def replaced_by(
        self, identity: SigningCertificate, roots: tuple[bytes, ...]
    ) -> "SigningKeyring":
        """After a change of key or certificate. The same one again is no change."""
        every = [one for one in (self.current, *self.former) if one != identity]
        known = tuple(dict.fromkeys((*roots, *self.roots)))
        return SigningKeyring(identity, tuple(every), known)

    def to_json(self) -> str:
        return json.dumps(
            {
                "version": VERSION,
                "current": _fields(self.current),
                "former": [_fields(one) for one in self.former],
                "roots": [b64encode(root).decode() for root in self.roots],
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "SigningKeyring":
        """Raises IdentityError where `text` is not what `to_json` writes."""
        try:
            fields = json.loads(text)
            known = fields["version"] == VERSION
            made = cls(
                current=_identity(fields["current"]),
                former=tuple(_identity(one) for one in fields["former"]),
                roots=tuple(b64decode(root, validate=True) for root in fields["roots"]),
            )
        except (ValueError, TypeError, LookupError) as error:
            raise IdentityError from error
        if not known:
            raise IdentityError(fields["version"])
        return made


def _fields(one: SigningCertificate) -> dict[str, Any]:
    return {
        "key_id": one.key_id,
        "certificate": b64encode(one.certificate).decode(),
        "chain": [b64encode(issuer).decode() for issuer in one.chain],
    }


def _identity(fields: dict[str, Any]) -> SigningCertificate:
    made = SigningCertificate(
        key_id=fields["key_id"],
        certificate=b64decode(fields["certificate"], validate=True),
        chain=tuple(b64decode(issuer, validate=True) for issuer in fields["chain"]),
    )
    if made.public_numbers[0] <= 0:
        raise IdentityError(made.key_id)
    return made
