"""Enrolment: the stamp office's signing key gets a certificate, as an operator would get one.

The operator's own commands ask the key service for a certificate request and put the certificate
where the functions look; between the two a development authority issues it. The private half never
leaves the key service.
"""

from typing import TYPE_CHECKING

from asn1crypto.csr import CertificationRequest

from meterai.aws.keys.signing import KmsSigner
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai_cli.certificate_request import certificate_request
from meterai_cli.install import install
from tests.local.authority import LocalAuthority

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client

SIGNING_MANIFEST_OBJECT = "signing/identity.json"
SUBJECT = {"C": "ID", "O": "Meterai development", "CN": "Meterai SPESIMEN"}


def enrol(
    key_id: str, authority: LocalAuthority, *, kms: "KMSClient", s3: "S3Client", bucket: str
) -> SigningKeyring:
    """From now on this key signs, and the one before is known as a former one."""
    public_key = kms.get_public_key(KeyId=key_id)["PublicKey"]
    request = CertificationRequest.load(
        certificate_request(SUBJECT, public_key, lambda info: KmsSigner(kms).sign(key_id, info))
    )
    asked = request["certification_request_info"]["subject_pk_info"].dump()
    identity = SigningCertificate(key_id, authority.certify(asked), authority.chain)
    return install(
        identity,
        (authority.root,),
        kms=kms,
        s3=s3,
        bucket=bucket,
        key=SIGNING_MANIFEST_OBJECT,
    )
