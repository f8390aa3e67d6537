"""A certificate becomes the one that the office signs with."""

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
    """The certificate is not one to sign with. Nothing was changed."""


def install(
    identity: SigningCertificate,
    roots: tuple[bytes, ...],
    *,
    kms: "KMSClient",
    s3: "S3Client",
    bucket: str,
    key: str,
) -> SigningKeyring:
    """Checks it, and puts it into the artefact in place of the one before, which stays known as
    ours. Workers take it up within five minutes. Repeatable. Raises CannotInstall."""
    # 1. It certifies this key, is of use today, and leads to one of the roots.
    if kms.get_public_key(KeyId=identity.key_id)["PublicKey"] != identity.public_key:
        raise CannotInstall(f"the certificate is not of the key {identity.key_id}")
    _check_path(identity, roots)
    # 2. The artefact as it stands, which must stand so still when it is replaced.
    known, condition = None, {"IfNoneMatch": "*"}
    try:
        answer = s3.get_object(Bucket=bucket, Key=key)
        known = SigningKeyring.from_json(answer["Body"].read())
        condition = {"IfMatch": answer["ETag"]}
    except ClientError as failure:
        if code_of(failure) != "NoSuchKey":
            raise
    # 3. One put.
    made = known.replaced_by(identity, roots) if known else SigningKeyring(identity, (), roots)
    s3.put_object(
        Bucket=bucket,
        Key=key,
        Body=made.to_json().encode(),
        ContentType="application/json",
        **condition,  # type: ignore[arg-type]
    )
    return made


def _check_path(identity: SigningCertificate, roots: tuple[bytes, ...]) -> None:
    context = ValidationContext(
        trust_roots=[Certificate.load(root) for root in roots], revocation_mode="soft-fail"
    )
    validator: Any = CertificateValidator(
        Certificate.load(identity.certificate),
        intermediate_certs=[Certificate.load(one) for one in identity.chain],
        validation_context=context,
    )
    try:
        asyncio.run(validator.async_validate_usage({"digital_signature"}))
    except (PathBuildingError, PathValidationError) as failure:
        raise CannotInstall(f"the certificate leads to none of the roots: {failure}") from failure
