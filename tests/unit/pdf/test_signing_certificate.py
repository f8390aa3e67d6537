"""Reading the signing certificate, and checking the key service's signature."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, utils
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import NameOID

from meterai.domain.errors import SignatureMismatch
from meterai.pdf.signing.signing_certificate import SigningCertificate, check_signature
from tests.fixtures.documents.pki import authority

SIGNER = authority().signer
MESSAGE = b"the attributes"


def test_the_public_key_is_read_from_the_certificate() -> None:
    public = x509.load_der_x509_certificate(SIGNER.certificate.der).public_key()
    assert isinstance(public, RSAPublicKey)
    numbers = public.public_numbers()
    assert SIGNER.certificate.public_numbers == (numbers.n, numbers.e)


@pytest.mark.parametrize("year", [1999, 2031, 2049, 2050, 2061])
def test_the_end_of_validity_is_read_from_the_certificate(year: int) -> None:
    """As UTCTime up to 2049, as GeneralizedTime from 2050 on."""
    end = datetime(year, 11, 24, 7, 30, 59, tzinfo=UTC)
    name = x509.Name([])
    made = (
        x509.CertificateBuilder(name, name, SIGNER.key.public_key(), 1)
        .not_valid_before(datetime(1990, 1, 1, tzinfo=UTC))
        .not_valid_after(end)
        .sign(SIGNER.key, hashes.SHA256())
    )
    der = made.public_bytes(serialization.Encoding.DER)
    assert SigningCertificate("key", der, ()).expires_at == end


@pytest.mark.parametrize("kind", [_ASN1Type.UTF8String, _ASN1Type.BMPString])
def test_the_common_name_is_read_from_the_certificate(kind: _ASN1Type) -> None:
    organisation = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "PT Contoh")
    common = x509.NameAttribute(NameOID.COMMON_NAME, "Méterai", kind)
    for name, expected in (
        (x509.Name([organisation, common]), "Méterai"),
        (x509.Name([organisation]), None),
    ):
        made = (
            x509.CertificateBuilder(name, name, SIGNER.key.public_key(), 1)
            .not_valid_before(datetime(1990, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2030, 1, 1, tzinfo=UTC))
            .sign(SIGNER.key, hashes.SHA256())
        )
        der = made.public_bytes(serialization.Encoding.DER)
        assert SigningCertificate("key", der, ()).common_name == expected


def test_a_valid_signature_passes() -> None:
    check_signature(SIGNER.certificate, MESSAGE, SIGNER.sign(MESSAGE))


def _signed_twice_over() -> bytes:
    """What KMS returns when a digest is sent as the message."""
    return SIGNER.sign(hashlib.sha256(MESSAGE).digest())


def _with_sha_512() -> bytes:
    return SIGNER.key.sign(MESSAGE, padding.PKCS1v15(), hashes.SHA512())


def _with_pss() -> bytes:
    salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.MAX_LENGTH)
    return SIGNER.key.sign(MESSAGE, salted, hashes.SHA256())


def _without_digest_info() -> bytes:
    digest = hashlib.sha256(MESSAGE).digest()
    return SIGNER.key.sign(digest, padding.PKCS1v15(), utils.NoDigestInfo())


@pytest.mark.parametrize(
    "signature",
    [
        authority().person.sign(MESSAGE),
        SIGNER.sign(MESSAGE + b"!"),
        _signed_twice_over(),
        _with_sha_512(),
        _with_pss(),
        _without_digest_info(),
        SIGNER.sign(MESSAGE)[:-1],
        SIGNER.sign(MESSAGE) + b"\0",
        b"\0" + SIGNER.sign(MESSAGE),
        b"\xff" * 256,
        bytes(256),
        b"",
    ],
)
def test_any_other_signature_is_a_mismatch(signature: bytes) -> None:
    with pytest.raises(SignatureMismatch):
        check_signature(SIGNER.certificate, MESSAGE, signature)


def test_a_signature_by_another_key_than_the_certificates_is_a_mismatch_naming_the_key() -> None:
    rotated = replace(SIGNER.certificate, der=authority().person.certificate.der)
    with pytest.raises(SignatureMismatch) as caught:
        check_signature(rotated, MESSAGE, SIGNER.sign(MESSAGE))
    assert caught.value.values == {"key_id": SIGNER.certificate.key_id}
