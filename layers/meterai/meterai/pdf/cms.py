"""The CMS signature of a PAdES stamp (RFC 5652, ETSI EN 319 122-1, EN 319 142-1).

Of a baseline B-B signature only the document's digest and the RSA signature vary: the time is
in the PDF's /M, and the signing certificate's attribute is constant per certificate (without the
issuerSerial, which EN 319 122-1 advises against). The bytes equal what pyHanko builds for the same
attributes, in microseconds and without its imports.
"""

import hashlib

from meterai.pdf.der import INTEGER, NULL, OCTET_STRING, SEQUENCE, encode, set_of
from meterai.pdf.identity import SigningIdentity

LARGEST_SIGNED_BYTES = 4096
"""What the key service takes as a RAW message; the attributes are below 200 bytes."""

_EXPLICIT_0 = 0xA0
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE_V2 = bytes.fromhex("060b2a864886f70d010910022f")
_VERSION_1 = encode(INTEGER, b"\x01")
_SHA256 = encode(SEQUENCE, bytes.fromhex("0609608648016503040201"), encode(NULL))
_SHA256_WITH_RSA = encode(SEQUENCE, bytes.fromhex("06092a864886f70d01010b"), encode(NULL))


def signed_attributes(identity: SigningIdentity, document_digest: bytes) -> bytes:
    """The DER of the attributes to be signed, for the SHA-256 of a document's byte range."""
    certificate_hash = encode(OCTET_STRING, hashlib.sha256(identity.certificate).digest())
    attributes = set_of(
        _attribute(_CONTENT_TYPE, _DATA),
        _attribute(_MESSAGE_DIGEST, encode(OCTET_STRING, document_digest)),
        _attribute(_SIGNING_CERTIFICATE_V2, _nested(certificate_hash)),
    )
    assert len(attributes) <= LARGEST_SIGNED_BYTES
    return attributes


def signed_data(identity: SigningIdentity, attributes: bytes, signature: bytes) -> bytes:
    """The whole CMS: `attributes` from `signed_attributes`, and the RSA signature over them."""
    issuer_and_serial = encode(SEQUENCE, identity.issuer, identity.serial_number)
    signer = encode(
        SEQUENCE,
        _VERSION_1,
        issuer_and_serial,
        _SHA256,
        bytes((_EXPLICIT_0,)) + attributes[1:],  # [0] IMPLICIT in place of SET (RFC 5652, 5.4)
        _SHA256_WITH_RSA,
        encode(OCTET_STRING, signature),
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


def size_bytes(identity: SigningIdentity) -> int:
    """The exact size of every CMS of this identity: what a placeholder must hold."""
    modulus, _ = identity.public_numbers
    signature = bytes((modulus.bit_length() + 7) // 8)
    return len(signed_data(identity, signed_attributes(identity, bytes(32)), signature))


def _attribute(kind: bytes, value: bytes) -> bytes:
    return encode(SEQUENCE, kind, set_of(value))


def _nested(certificate_hash: bytes) -> bytes:
    """SigningCertificateV2 of one ESSCertIDv2; SHA-256 is the default and left out (RFC 5035)."""
    return encode(SEQUENCE, encode(SEQUENCE, encode(SEQUENCE, certificate_hash)))
