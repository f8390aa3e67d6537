"""The name of a certificate's subject, as it can be shown."""

from datetime import UTC, datetime

import pytest
from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from meterai.pdf.verification.subjects import subject_name


def certificate(common_name: str) -> Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name, _validate=False)])
    made = (
        x509.CertificateBuilder(
            issuer_name=name,
            subject_name=name,
            public_key=key.public_key(),
            serial_number=1,
            not_valid_before=datetime(2025, 1, 1, tzinfo=UTC),
            not_valid_after=datetime(2035, 1, 1, tzinfo=UTC),
        )
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )
    return Certificate.load(made)


@pytest.mark.parametrize(
    ("common_name", "shown"),
    [
        ("Siti Contoh, S.H., M.Kn.", "Siti Contoh, S.H., M.Kn."),
        ("Zoë Müller 山田", "Zoë Müller 山田"),
        ("Siti\x1b[2Jverdict", "Siti\N{REPLACEMENT CHARACTER}[2Jverdict"),
        ("Siti\nverdict    genuine", "Siti verdict    genuine"),
        ("Siti\u202eIJ", "Siti\N{REPLACEMENT CHARACTER}IJ"),
    ],
)
def test_a_name_moves_no_cursor_and_turns_no_writing(common_name: str, shown: str) -> None:
    assert subject_name(certificate(common_name)) == shown
