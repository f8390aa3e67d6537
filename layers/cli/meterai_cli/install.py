"""Installs a certificate as the current one of the signing manifest."""

import asyncio
from typing import TYPE_CHECKING, Any

from asn1crypto.x509 import Certificate
from botocore.exceptions import ClientError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from meterai.aws.errors import code_of
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import SigningKeyring

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client


class CannotInstall(Exception):
    """The certificate cannot be used for signing. Nothing was changed."""


def install(
    certificate: SigningCertificate,
    roots: tuple[bytes, ...],
    *,
    kms: "KMSClient",
    s3: "S3Client",
    bucket: str,
    key: str,
) -> SigningKeyring:
    """Check the certificate and make it the current one; the one before becomes a former one.

    Workers use it within five minutes. Idempotent. Raises CannotInstall.
    """
    # 1. It certifies this key, is valid today, and chains to one of the roots.
    if kms.get_public_key(KeyId=certificate.key_id)["PublicKey"] != certificate.public_key:
        raise CannotInstall(f"the certificate is not of the key {certificate.key_id}")
    _check_path(certificate, roots)
    # 2. Read the manifest; the put below fails if another install changes it meanwhile.
    known, condition = None, {"IfNoneMatch": "*"}
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
        known = SigningKeyring.from_json(answer["Body"].read())
        condition = {"IfMatch": answer["ETag"]}
    except ClientError as failure:
        if code_of(failure) != "NoSuchKey":
            raise
    # 3. Replace it by one put.
    keyring = (
        known.replaced_by(certificate, roots) if known else SigningKeyring(certificate, (), roots)
    )
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=keyring.to_json().encode(),
        ContentType="application/json",
        **condition,  # type: ignore[arg-type]
    )
    return keyring


def _check_path(certificate: SigningCertificate, roots: tuple[bytes, ...]) -> None:
    context = ValidationContext(
        trust_roots=[Certificate.load(root) for root in roots], revocation_mode="soft-fail"
    )
    validator: Any = CertificateValidator(
        Certificate.load(certificate.der),
        intermediate_certs=[Certificate.load(one) for one in certificate.chain],
        validation_context=context,
    )
    try:
        asyncio.run(validator.async_validate_usage({"digital_signature"}))
    except (PathBuildingError, PathValidationError) as failure:
        raise CannotInstall(
            f"the certificate does not chain to any of the roots: {failure}"
        ) from failure
