"""Certificate requests, and the installation of certificates in the signing manifest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from asn1crypto import pem
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from meterai.aws import clients
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai_cli.__main__ import main
from tests.contract.backends import AwsBackend, Clients
from tests.local.authority import LocalAuthority
from tests.local.signing_setup import SIGNING_MANIFEST_OBJECT, set_up_signing


@pytest.fixture(scope="module")
def authority() -> Iterator[LocalAuthority]:
    with LocalAuthority() as running:
        yield running


@pytest.fixture
def backend(moto: Clients, moto_backend: AwsBackend, monkeypatch: pytest.MonkeyPatch) -> AwsBackend:
    """The commands use moto instead of AWS."""
    monkeypatch.setattr(clients, "kms", lambda: moto.kms)
    monkeypatch.setattr(clients, "s3", lambda: moto.s3)
    return moto_backend


def new_key(backend: AwsBackend) -> str:
    made = backend.clients.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    return made["KeyMetadata"]["KeyId"]


def public_key(backend: AwsBackend, key_id: str) -> bytes:
    return backend.clients.kms.get_public_key(KeyId=key_id)["PublicKey"]


def manifest(backend: AwsBackend) -> SigningKeyring:
    stored = backend.clients.s3.get_object(
        Bucket=backend.documents.bucket, Key=SIGNING_MANIFEST_OBJECT
    )
    return SigningKeyring.from_json(stored["Body"].read())


def install(backend: AwsBackend, folder: Path, key_id: str, **files: tuple[bytes, ...]) -> int:
    for name, certificates in files.items():
        armoured = b"".join(pem.armor("CERTIFICATE", one) for one in certificates)
        (folder / f"{name}.pem").write_bytes(armoured)
    paths = [part for name in files for part in (f"--{name}", str(folder / f"{name}.pem"))]
    return main(
        [
            "install-certificate",
            "--key-id",
            key_id,
            "--bucket",
            backend.documents.bucket,
            "--reason",
            "a test",
            *paths,
        ]
    )


def test_the_request_is_signed_by_the_key_and_has_the_subject(
    backend: AwsBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    key_id = new_key(backend)
    assert (
        main(
            [
                "request-certificate",
                "--key-id",
                key_id,
                "C=ID",
                "O=PT Contoh",
                "CN=Meterai = Contoh",
            ]
        )
        == 0
    )
    request = x509.load_pem_x509_csr(capsys.readouterr().out.encode())
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == "CN=Meterai = Contoh,O=PT Contoh,C=ID"
    encoded = request.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert encoded == public_key(backend, key_id)


def test_an_installed_certificate_makes_the_one_before_a_former_one(
    backend: AwsBackend, authority: LocalAuthority, tmp_path: Path
) -> None:
    first, second = new_key(backend), new_key(backend)
    certificates = []
    for key_id in (first, second):
        certificate = authority.certify(public_key(backend, key_id))
        certificates.append(SigningCertificate(key_id, certificate, authority.chain))
        status = install(
            backend,
            tmp_path,
            key_id,
            certificate=(certificate,),
            chain=authority.chain,
            root=(authority.root,),
        )
        assert status == 0
    assert manifest(backend) == SigningKeyring(
        certificates[1], (certificates[0],), (authority.root,)
    )


def test_a_certificate_of_another_key_is_refused(
    backend: AwsBackend,
    authority: LocalAuthority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key_id = new_key(backend)
    installed = set_up_signing(
        key_id,
        authority,
        kms=backend.clients.kms,
        s3=backend.clients.s3,
        bucket=backend.documents.bucket,
    )
    other = authority.certify(public_key(backend, new_key(backend)))
    files = {"certificate": (other,), "chain": authority.chain, "root": (authority.root,)}
    assert install(backend, tmp_path, key_id, **files) == 1
    assert "not of the key" in capsys.readouterr().err
    assert manifest(backend) == installed


@pytest.mark.parametrize("until", ["2040-01-01", "2021-01-01"])
def test_a_certificate_without_a_root_or_expired_is_refused(
    backend: AwsBackend,
    authority: LocalAuthority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    until: str,
) -> None:
    key_id = new_key(backend)
    certificate = authority.certify(public_key(backend, key_id), until=until)
    expired = until < "2026"
    chain = authority.chain if expired else (certificate,)
    files = {"certificate": (certificate,), "chain": chain, "root": (authority.root,)}
    assert install(backend, tmp_path, key_id, **files) == 1
    assert "does not chain to any of the roots" in capsys.readouterr().err
