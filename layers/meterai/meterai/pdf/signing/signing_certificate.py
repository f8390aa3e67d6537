"""The signing certificate, its chain, and the id of its key in the key service.

Certificate and key change together, else stamps are void. So the three are one value: written to
the signing manifest when a key is set up or rotated (`pdf/signing/signing_keyring.py`), and only
read by the worker.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from meterai.domain.errors import SignatureMismatch
from meterai.pdf.signing.der import SEQUENCE, DerError, Element, elements, only

# EMSA-PKCS1-v1_5 for SHA-256 (RFC 8017, 9.2, note 1): DigestInfo up to the digest.
_SHA256_DIGEST_INFO = bytes.fromhex("3031300d060960864801650304020105000420")
_VERSION_TAG = 0xA0
_COMMON_NAME = bytes.fromhex("0603550403")
UTC_TIME, BMP_STRING = 0x17, 0x1E


class InvalidSigningManifest(ValueError):
    """The content is no signing manifest that this release can read."""


@dataclass(frozen=True)
class SigningCertificate:
    """`der` is the certificate, `chain` its issuers (DER, nearest first); `key_id` names the key
    in the key service."""

    key_id: str
    der: bytes
    chain: tuple[bytes, ...]

    def __hash__(self) -> int:
        """By the certificate alone: caches of its CMS template look it up for every stamp."""
        return hash(self.der)

    @cached_property
    def issuer(self) -> bytes:
        """The certificate's issuer name, DER."""
        return self._to_be_signed[2].encoded

    @cached_property
    def serial_number(self) -> bytes:
        """The certificate's serial number, a DER INTEGER."""
        return self._to_be_signed[0].encoded

    @cached_property
    def expires_at(self) -> datetime:
        """The end of its validity (RFC 5280, 4.1.2.5)."""
        _, end = elements(self._to_be_signed[3].content)
        digits = end.content.decode("ascii")
        if end.tag == UTC_TIME:  # years from 1950 to 2049
            digits = ("19" if digits >= "5" else "20") + digits
        return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)

    @cached_property
    def common_name(self) -> str | None:
        """Of the subject (RFC 5280, 4.1.2.6, appendix A.1)."""
        for attributes in elements(self._to_be_signed[4].content):
            for attribute in elements(attributes.content):
                kind, value = elements(attribute.content)
                if kind.encoded == _COMMON_NAME:
                    return value.content.decode("utf-16-be" if value.tag == BMP_STRING else "utf-8")
        return None

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
        certificate = only(self.der)
        to_be_signed = next(elements(certificate.content))
        if to_be_signed.tag != SEQUENCE:
            raise DerError(to_be_signed.tag)
        return [part for part in elements(to_be_signed.content) if part.tag != _VERSION_TAG]


def check_signature(certificate: SigningCertificate, signed: bytes, signature: bytes) -> None:
    """Check an RSASSA-PKCS1-v1_5 SHA-256 signature over `signed` (RFC 8017, 8.2.2).

    Raises SignatureMismatch: a key rotated without its certificate, or a signature over the digest
    of the digest, must never reach a stored document.
    """
    modulus, exponent = certificate.public_numbers
    size = (modulus.bit_length() + 7) // 8
    digest_info = _SHA256_DIGEST_INFO + hashlib.sha256(signed).digest()
    expected = b"\x00\x01".ljust(size - len(digest_info) - 1, b"\xff") + b"\x00" + digest_info
    number = int.from_bytes(signature, "big")
    fits = len(signature) == size and number < modulus
    if not fits or pow(number, exponent, modulus) != int.from_bytes(expected, "big"):
        raise SignatureMismatch(key_id=certificate.key_id)
