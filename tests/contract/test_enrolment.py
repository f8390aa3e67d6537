"""How an operator's key gets its certificate: the request, and what may be installed."""

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
from tests.local.enrolment import SIGNING_MANIFEST_OBJECT, enrol


@pytest.fixture(scope="module")
def authority() -> Iterator[LocalAuthority]:
    with LocalAuthority() as running:
        yield running


@pytest.fixture
def office(moto: Clients, moto_backend: AwsBackend, monkeypatch: pytest.MonkeyPatch) -> AwsBackend:
    """The commands find it as they would find AWS."""
    monkeypatch.setattr(clients, "kms", lambda: moto.kms)
    monkeypatch.setattr(clients, "s3", lambda: moto.s3)
    return moto_backend


def new_key(office: AwsBackend) -> str:
    made = office.clients.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    return made["KeyMetadata"]["KeyId"]


def public_key(office: AwsBackend, key_id: str) -> bytes:
    return office.clients.kms.get_public_key(KeyId=key_id)["PublicKey"]


def artefact(office: AwsBackend) -> SigningKeyring:
    answer = office.clients.s3.get_object(
        Bucket=office.documents.bucket, Key=SIGNING_MANIFEST_OBJECT
    )
    return SigningKeyring.from_json(answer["Body"].read())


def install(office: AwsBackend, folder: Path, key_id: str, **files: tuple[bytes, ...]) -> int:
    for name, certificates in files.items():
        armoured = b"".join(pem.armor("CERTIFICATE", one) for one in certificates)
        (folder / f"{name}.pem").write_bytes(armoured)
    paths = [part for name in files for part in (f"--{name}", str(folder / f"{name}.pem"))]
    return main(
        [
            "install-identity",
            "--key-id",
            key_id,
            "--bucket",
            office.documents.bucket,
            *paths,
        ]
    )


def test_the_request_is_signed_by_the_key_and_names_the_office(
    office: AwsBackend, capsys: pytest.CaptureFixture[str]
) -> None:
    key_id = new_key(office)
    assert main(["csr", "--key-id", key_id, "C=ID", "O=PT Contoh", "CN=Meterai = Contoh"]) == 0
    request = x509.load_pem_x509_csr(capsys.readouterr().out.encode())
    assert request.is_signature_valid
    assert request.subject.rfc4514_string() == "CN=Meterai = Contoh,O=PT Contoh,C=ID"
    encoded = request.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert encoded == public_key(office, key_id)


def test_a_certificate_of_the_key_is_installed_and_the_one_before_stays_known(
    office: AwsBackend, authority: LocalAuthority, tmp_path: Path
) -> None:
    first, second = new_key(office), new_key(office)
    certificates = []
    for key_id in (first, second):
        certificate = authority.certify(public_key(office, key_id))
        certificates.append(SigningCertificate(key_id, certificate, authority.chain))
        status = install(
            office,
            tmp_path,
            key_id,
            certificate=(certificate,),
            chain=authority.chain,
            root=(authority.root,),
        )
        assert status == 0
    assert artefact(office) == SigningKeyring(
        certificates[1], (certificates[0],), (authority.root,)
    )


def test_a_certificate_of_another_key_is_refused(
    office: AwsBackend,
    authority: LocalAuthority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key_id = new_key(office)
    enrolled = enrol(
        key_id,
        authority,
        kms=office.clients.kms,
        s3=office.clients.s3,
        bucket=office.documents.bucket,
    )
    other = authority.certify(public_key(office, new_key(office)))
    files = {"certificate": (other,), "chain": authority.chain, "root": (authority.root,)}
    assert install(office, tmp_path, key_id, **files) == 1
    assert "not of the key" in capsys.readouterr().err
    assert artefact(office) == enrolled


@pytest.mark.parametrize("until", ["2040-01-01", "2021-01-01"])
def test_a_certificate_that_leads_to_no_root_or_has_ended_is_refused(
    office: AwsBackend,
    authority: LocalAuthority,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    until: str,
) -> None:
    key_id = new_key(office)
    certificate = authority.certify(public_key(office, key_id), until=until)
    has_ended = until < "2026"
    chain = authority.chain if has_ended else (certificate,)
    files = {"certificate": (certificate,), "chain": chain, "root": (authority.root,)}
    assert install(office, tmp_path, key_id, **files) == 1
    assert "leads to none of the roots" in capsys.readouterr().err
