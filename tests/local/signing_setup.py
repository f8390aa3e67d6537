"""Sets up the signing certificate as an operator does, with a development authority.

The operator's commands request a certificate for a key in KMS, and install it in the signing
manifest. The development authority issues it in between. The private key never leaves KMS.
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

SIGNING_MANIFEST_OBJECT = "signing/manifest.json"
SUBJECT = {"C": "ID", "O": "Meterai development", "CN": "Meterai SPESIMEN"}


def set_up_signing(
    key_id: str, authority: LocalAuthority, *, kms: "KMSClient", s3: "S3Client", bucket: str
) -> SigningKeyring:
    """Makes this key the signing key; the previous one becomes a former one."""
    public_key = kms.get_public_key(KeyId=key_id)["PublicKey"]
    request = CertificationRequest.load(
        certificate_request(SUBJECT, public_key, lambda info: KmsSigner(kms).sign(key_id, info))
    )
    requested_key = request["certification_request_info"]["subject_pk_info"].dump()
    return install(
        SigningCertificate(key_id, authority.certify(requested_key), authority.chain),
        (authority.root,),
        kms=kms,
        s3=s3,
        bucket=bucket,
        key=SIGNING_MANIFEST_OBJECT,
    )
