"""The CMS signature of a PAdES stamp (RFC 5652, ETSI EN 319 122-1, EN 319 142-1).

In a B-B signature only the document's digest and the RSA signature vary: the time is in the PDF's
/M, and the signing certificate's attribute is constant per certificate (without the issuerSerial,
which EN 319 122-1 advises against). The bytes equal what pyHanko builds for the same attributes,
without its imports; the constant parts are built once per certificate. A timestamp token (B-T) is
added afterwards, as an unsigned attribute.
"""

import hashlib
from functools import cache

from meterai.pdf.signing.der import INTEGER, NULL, OCTET_STRING, SEQUENCE, encode, set_of
from meterai.pdf.signing.signing_certificate import SigningCertificate

MAX_SIGNED_BYTES = 4096
"""The key service's limit of a RAW message; the attributes have less than 200 bytes."""

_DIGEST_BYTES = 32
_EXPLICIT_0 = 0xA0
_UNSIGNED_ATTRIBUTES = 0xA1
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_SIGNATURE_TIMESTAMP = bytes.fromhex("060b2a864886f70d010910020e")
_VERSION_1 = encode(INTEGER, b"\x01")
_SHA256 = encode(SEQUENCE, bytes.fromhex("0609608648016503040201"), encode(NULL))
_SHA256_WITH_RSA = encode(SEQUENCE, bytes.fromhex("06092a864886f70d01010b"), encode(NULL))


def signed_attributes(certificate: SigningCertificate, document_digest: bytes) -> bytes:
    """The signed attributes (DER). `document_digest` is the SHA-256 of the signed byte range."""
    before, after = _around_digest(certificate)
    return b"".join((before, document_digest, after))


def signed_data(
    certificate: SigningCertificate, attributes: bytes, signature: bytes, token: bytes | None = None
) -> bytes:
    """The whole CMS: `attributes` from `signed_attributes`, the RSA signature over them, and the
    timestamp token over that signature, if any."""
    if token is not None:
        return _whole(certificate, attributes[1:], signature, token)
    before, between = _around_attributes(certificate)
    return b"".join((before, attributes[1:], between, signature))


@cache
def size_bytes(certificate: SigningCertificate, token_bytes: int = 0) -> int:
    """The size that a placeholder needs: the exact size of every CMS with this certificate, or the
    largest, for tokens of up to `token_bytes`."""
    if token_bytes:
        attributes = signed_attributes(certificate, bytes(_DIGEST_BYTES))[1:]
        signature = bytes(_signature_bytes(certificate))
        return len(_whole(certificate, attributes, signature, bytes(token_bytes)))
    parts = (*_around_digest(certificate), *_around_attributes(certificate))
    return sum(map(len, parts)) - 1 + _DIGEST_BYTES + _signature_bytes(certificate)


@cache
def _around_digest(certificate: SigningCertificate) -> tuple[bytes, bytes]:
    """The DER of the attributes before and after the digest."""
    marker = _marker(_DIGEST_BYTES)
    certificate_hash = encode(OCTET_STRING, hashlib.sha256(certificate.der).digest())
    attributes = set_of(
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, encode(OCTET_STRING, marker)),
        _attribute(_SIGNING_CERTIFICATE_V2, _nested(certificate_hash)),
    )
    assert len(attributes) <= MAX_SIGNED_BYTES
    before, after = attributes.split(marker)
    return before, after


@cache
def _around_attributes(certificate: SigningCertificate) -> tuple[bytes, bytes]:
    """The CMS before the attributes, and between them and the signature, which is at the end."""
    attributes = signed_attributes(certificate, bytes(_DIGEST_BYTES))[1:]
    signature = _marker(_signature_bytes(certificate))
    before, rest = _whole(certificate, attributes, signature).rsplit(attributes, 1)
    between, nothing = rest.split(signature)
    assert not nothing
    return before, between


def _whole(
    certificate: SigningCertificate, attributes: bytes, signature: bytes, token: bytes | None = None
) -> bytes:
    """`attributes` come without their SET tag: in the CMS it is [0] IMPLICIT (RFC 5652, 5.4)."""
    unsigned = (
        [encode(_UNSIGNED_ATTRIBUTES, _attribute(_SIGNATURE_TIMESTAMP, token))] if token else []
    )
    issuer_and_serial = encode(SEQUENCE, certificate.issuer, certificate.serial_number)
    signer = encode(
        SEQUENCE,
        _VERSION_1,
        issuer_and_serial,
        _SHA256,
        bytes((_EXPLICIT_0,)) + attributes,
        _SHA256_WITH_RSA,
        encode(OCTET_STRING, signature),
        *unsigned,
    )
    content = encode(
        SEQUENCE,
        _VERSION_1,
        set_of(_SHA256),
        encode(SEQUENCE, _DATA),
        encode(_EXPLICIT_0, *sorted((certificate.der, *certificate.chain))),
        set_of(signer),
    )
    return encode(SEQUENCE, _SIGNED_DATA, encode(_EXPLICIT_0, content))


def _signature_bytes(certificate: SigningCertificate) -> int:
    return (certificate.public_numbers[0].bit_length() + 7) // 8


def _marker(size: int) -> bytes:
    """Bytes that do not occur in a CMS otherwise."""
    return hashlib.shake_256(b"cut here").digest(size)


def _attribute(kind: bytes, value: bytes) -> bytes:
    return encode(SEQUENCE, kind, set_of(value))


def _nested(certificate_hash: bytes) -> bytes:
    """SigningCertificateV2 with one ESSCertIDv2; SHA-256 is the default and omitted (RFC 5035)."""
    return encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, certificate_hash)))
