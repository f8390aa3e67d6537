"""The CMS signature of a PAdES stamp (RFC 5652, ETSI EN 319 122-1, EN 319 142-1).

Of a baseline B-B signature only the document's digest and the RSA signature vary: the time is
in the PDF's /M, and the signing certificate's attribute is constant per certificate (without the
issuerSerial, which EN 319 122-1 advises against). The bytes equal what pyHanko builds for the same
attributes, without its imports; the constant parts are made once for each identity. A timestamp
token (B-T) comes into the signature afterwards, as an attribute that is not signed.
"""

import hashlib
from functools import cache

from meterai.pdf.signing.der import INTEGER, NULL, OCTET_STRING, SEQUENCE, encode, set_of
from meterai.pdf.signing.signing_certificate import SigningCertificate

MAX_SIGNED_BYTES = 4096
"""What the key service takes as a RAW message; the attributes are below 200 bytes."""

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


def signed_attributes(identity: SigningCertificate, document_digest: bytes) -> bytes:
    """The DER of the attributes to be signed, for the SHA-256 of a document's byte range."""
    before, after = _around_digest(identity)
    return b"".join((before, document_digest, after))


def signed_data(
    identity: SigningCertificate, attributes: bytes, signature: bytes, token: bytes | None = None
) -> bytes:
    """The whole CMS: `attributes` from `signed_attributes`, and the RSA signature over them; where
    there is a timestamp token over that signature, with it."""
    if token is not None:
        return _whole(identity, attributes[1:], signature, token)
    before, between = _around_attributes(identity)
    return b"".join((before, attributes[1:], between, signature))


@cache
def size_bytes(identity: SigningCertificate, token_bytes: int = 0) -> int:
    """What a placeholder must hold: the exact size of every CMS of this identity, or, for tokens of
    up to so many bytes, the largest."""
    if token_bytes:
        attributes = signed_attributes(identity, bytes(_DIGEST_BYTES))[1:]
        signature = bytes(_signature_bytes(identity))
        return len(_whole(identity, attributes, signature, bytes(token_bytes)))
    parts = (*_around_digest(identity), *_around_attributes(identity))
    return sum(map(len, parts)) - 1 + _DIGEST_BYTES + _signature_bytes(identity)


@cache
def _around_digest(identity: SigningCertificate) -> tuple[bytes, bytes]:
    """The attributes before and after the digest."""
    marker = _marker(_DIGEST_BYTES)
    certificate_hash = encode(OCTET_STRING, hashlib.sha256(identity.certificate).digest())
    attributes = set_of(
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, encode(OCTET_STRING, marker)),
        _attribute(_SIGNING_CERTIFICATE_V2, _nested(certificate_hash)),
    )
    assert len(attributes) <= MAX_SIGNED_BYTES
    before, after = attributes.split(marker)
    return before, after


@cache
def _around_attributes(identity: SigningCertificate) -> tuple[bytes, bytes]:
    """The CMS before the attributes, and between them and the signature, which ends it."""
    attributes = signed_attributes(identity, bytes(_DIGEST_BYTES))[1:]
    signature = _marker(_signature_bytes(identity))
    before, rest = _whole(identity, attributes, signature).rsplit(attributes, 1)
    between, nothing = rest.split(signature)
    assert not nothing
    return before, between


def _whole(
    identity: SigningCertificate, attributes: bytes, signature: bytes, token: bytes | None = None
) -> bytes:
    """The attributes come without their tag: they are [0] IMPLICIT in place of their SET (RFC 5652,
    5.4)."""
    unsigned = (
        [encode(_UNSIGNED_ATTRIBUTES, _attribute(_SIGNATURE_TIMESTAMP, token))] if token else []
    )
    issuer_and_serial = encode(SEQUENCE, identity.issuer, identity.serial_number)
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
        encode(_EXPLICIT_0, *sorted((identity.certificate, *identity.chain))),
        set_of(signer),
    )
    return encode(SEQUENCE, _SIGNED_DATA, encode(_EXPLICIT_0, content))


def _signature_bytes(identity: SigningCertificate) -> int:
    return (identity.public_numbers[0].bit_length() + 7) // 8


def _marker(size: int) -> bytes:
    """Bytes that do not occur in a CMS by chance."""
    return hashlib.shake_256(b"cut here").digest(size)


def _attribute(kind: bytes, value: bytes) -> bytes:
    return encode(SEQUENCE, kind, set_of(value))


def _nested(certificate_hash: bytes) -> bytes:
    """SigningCertificateV2 of one ESSCertIDv2; SHA-256 is the default and left out (RFC 5035)."""
    return encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, certificate_hash)))
