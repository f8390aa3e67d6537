"""The signing manifest: the certificate that signs now, former ones, and the trusted roots.

The manifest is one object in S3, so a change of key is one put. From then on the new key signs, and
stamps by former certificates are still recognised as ours.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Protocol

from meterai.domain.errors import NoSigningIdentity, Unavailable
from meterai.pdf.signing.signing_certificate import InvalidSigningManifest, SigningCertificate

VERSION = 2


class KeyringSource(Protocol):
    def __call__(self, *, anew: bool = False) -> "SigningKeyring":
        """The keyring, at most some minutes old; read again now if `anew`."""
        ...


@dataclass(frozen=True)
class SigningKeyring:
    """`roots` (DER): the trusted ends of the chains of signers and timestamp servers. Without
    any, the last certificate of each signer's chain is trusted."""

    current: SigningCertificate
    former: tuple[SigningCertificate, ...] = ()
    roots: tuple[bytes, ...] = ()

    @cached_property
    def trusted(self) -> tuple[bytes, ...]:
        every = (self.current, *self.former)
        return self.roots or tuple({(one.chain or (one.der,))[-1]: None for one in every})

    @cached_property
    def certificates(self) -> frozenset[bytes]:
        """All certificates (DER) that ever signed here. The same authority certifies others too."""
        return frozenset(one.der for one in (self.current, *self.former))

    @property
    def every_certificate(self) -> tuple[SigningCertificate, ...]:
        return (self.current, *self.former)

    def replaced_by(
        self, certificate: SigningCertificate, roots: tuple[bytes, ...]
    ) -> "SigningKeyring":
        """The keyring after a change of key or certificate. Installing the current certificate
        again changes nothing."""
        every = [one for one in (self.current, *self.former) if one != certificate]
        known = tuple(dict.fromkeys((*roots, *self.roots)))
        return SigningKeyring(certificate, tuple(every), known)

    def to_json(self) -> str:
        return json.dumps(
            {
                "version": VERSION,
                "current": _to_fields(self.current),
                "former": [_to_fields(one) for one in self.former],
                "roots": [b64encode(root).decode() for root in self.roots],
            },
            indent=1,
        )

    @classmethod
    def from_json(cls, text: str | bytes) -> "SigningKeyring":
        """Raises InvalidSigningManifest where `text` is not what `to_json` writes."""
        try:
            fields = json.loads(text)
            known = fields["version"] == VERSION
            made = cls(
                current=_from_fields(fields["current"]),
                former=tuple(_from_fields(one) for one in fields["former"]),
                roots=tuple(b64decode(root, validate=True) for root in fields["roots"]),
            )
        except (ValueError, TypeError, LookupError) as error:
            raise InvalidSigningManifest from error
        if not known:
            raise InvalidSigningManifest(fields["version"])
        return made


@dataclass(frozen=True, slots=True)
class KeyringCertificates:
    """The port `SigningCertificates`."""

    keyring: KeyringSource

    def expires_at(self) -> datetime | None:
        try:
            return self.keyring(anew=True).current.expires_at
        except NoSigningIdentity:
            return None
        except InvalidSigningManifest as error:
            raise Unavailable(party="signing_manifest", reason="invalid") from error


def _to_fields(one: SigningCertificate) -> dict[str, Any]:
    return {
        "key_id": one.key_id,
        "certificate": b64encode(one.der).decode(),
        "chain": [b64encode(issuer).decode() for issuer in one.chain],
    }


def _from_fields(fields: dict[str, Any]) -> SigningCertificate:
    made = SigningCertificate(
        key_id=fields["key_id"],
        der=b64decode(fields["certificate"], validate=True),
        chain=tuple(b64decode(issuer, validate=True) for issuer in fields["chain"]),
    )
    if made.public_numbers[0] <= 0:
        raise InvalidSigningManifest(made.key_id)
    return made
