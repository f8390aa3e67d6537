"""Who signs: the certificate, its chain, and the key in the key service that goes with them.

Certificate and key change together or stamps are void, so the three are one thing, written when a
key is set up or rotated (`pdf/signing/signing_keyring.py`) and only loaded by the worker.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from meterai.domain.errors import SignatureMismatch
from meterai.pdf.signing.der import SEQUENCE, DerError, Element, elements, only
from meterai.pdf.signing.modular_power import raised

# EMSA-PKCS1-v1_5 for SHA-256 (RFC 8017, 9.2, note 1): DigestInfo up to the digest.
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_VERSION_TAG = 0xA0


class IdentityError(ValueError):
    """What was loaded is no signing identity that this release can read."""


@dataclass(frozen=True)
class SigningCertificate:
    """`certificate` and `chain` (issuers, nearest first) in DER; `key_id` in the key service."""

    key_id: str
    certificate: bytes
    chain: tuple[bytes, ...]

    def __hash__(self) -> int:
        """Of the certificate alone: what is made of an identity is looked up for each stamp."""
        return hash(self.certificate)

    @cached_property
    def issuer(self) -> bytes:
        """The certificate's issuer name, DER."""
        return self._to_be_signed[2].encoded

    @cached_property
    def serial_number(self) -> bytes:
        """The certificate's serial number, a DER INTEGER."""
        return self._to_be_signed[0].encoded

    @property
    def public_key(self) -> bytes:
        """The certificate's key, a DER SubjectPublicKeyInfo."""
        return self._to_be_signed[5].encoded

    @cached_property
    def public_numbers(self) -> tuple[int, int]:
        """RSA modulus and exponent of the certificate's key (RFC 8017, A.1.1)."""
        _, key_bits = elements(self._to_be_signed[5].content)
        modulus, exponent = elements(only(key_bits.content[1:]).content)
        return int.from_bytes(modulus.content, "big"), int.from_bytes(exponent.content, "big")

    @cached_property
    def _to_be_signed(self) -> list[Element]:
        """TBSCertificate (RFC 5280, 4.1) without its version."""
        certificate = only(self.certificate)
        to_be_signed = next(elements(certificate.content))
        if to_be_signed.tag != SEQUENCE:
            raise DerError(to_be_signed.tag)
        return [part for part in elements(to_be_signed.content) if part.tag != _VERSION_TAG]


def check_signature(identity: SigningCertificate, signed: bytes, signature: bytes) -> None:
    """Check an RSASSA-PKCS1-v1_5 SHA-256 signature over `signed` (RFC 8017, 8.2.2).

    Raises SignatureMismatch: a key rotated without its certificate, or an answer that signs the
    digest twice, must never reach a stored document.
    """
    modulus, exponent = identity.public_numbers
    size = (modulus.bit_length() + 7) // 8
    digest_info = _SHA256_DIGEST_INFO + hashlib.sha256(signed).digest()
    expected = b"\x00\x01".ljust(size - len(digest_info) - 1, b"\xff") + b"\x00" + digest_info
    fits = len(signature) == size and int.from_bytes(signature, "big") < modulus
    if not fits or raised(signature, exponent, modulus) != expected:
        raise SignatureMismatch(key_id=identity.key_id)
