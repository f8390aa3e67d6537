"""The commands around a signing certificate: `request-certificate` and `install-certificate`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meterai.domain.operators import AuditRecord, OperatorAction
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai_cli.caller import audited
from meterai_cli.certificate_request import REQUEST_PEM, certificate_request
from meterai_cli.pem import certificates_in, pem


def add_to(commands: Any) -> None:
    request = commands.add_parser(
        "request-certificate", help="print a certificate request (PEM), signed by a key in KMS"
    )
    request.set_defaults(execute=_request)
    request.add_argument("--key-id", required=True)
    request.add_argument("subject", nargs="+", help="such as CN='PT Contoh' O='PT Contoh' C=ID")
    certificate = commands.add_parser(
        "install-certificate", help="put a certificate into the signing manifest as the current one"
    )
    certificate.set_defaults(execute=_install)
    certificate.add_argument("--key-id", required=True)
    certificate.add_argument("--bucket", required=True, help="DocumentsBucketName of the stack")
    certificate.add_argument(
        "--object", default="signing/manifest.json", help="SigningManifestObject of the stack"
    )
    certificate.add_argument("--certificate", type=Path, required=True)
    certificate.add_argument(
        "--chain", type=Path, action="append", default=[], help="issuers, nearest first"
    )
    certificate.add_argument("--root", type=Path, action="append", required=True)
    certificate.add_argument("--reason", required=True, help="kept in the audit trail")


def _request(options: argparse.Namespace) -> int:
    from meterai.aws import clients
    from meterai.aws.keys.signing import KmsSigner

    kms = clients.kms()
    public_key = kms.get_public_key(KeyId=options.key_id)["PublicKey"]
    signer = KmsSigner(kms)
    names = dict(part.split("=", 1) for part in options.subject)
    request = certificate_request(
        names, public_key, lambda message: signer.sign(options.key_id, message)
    )
    print(pem(REQUEST_PEM, request), end="")
    return 0


def _install(options: argparse.Namespace) -> int:
    from meterai.aws import clients
    from meterai_cli.install import CannotInstall, install

    (der,) = certificates_in(options.certificate)
    certificate = SigningCertificate(options.key_id, der, certificates_in(*options.chain))
    operator, audit_trail = audited(options.bucket)
    action, now = OperatorAction.INSTALL_CERTIFICATE, datetime.now(UTC)
    audit_trail.record(AuditRecord(operator, action, options.key_id, options.reason, now))
    try:
        keyring = install(
            certificate,
            certificates_in(*options.root),
            kms=clients.kms(),
            s3=clients.s3(),
            bucket=options.bucket,
            key=options.object,
        )
    except CannotInstall as refusal:
        print(refusal, file=sys.stderr)
        return 1
    former = len(keyring.former)
    print(f"{certificate.key_id} signs from now on; former certificates in the manifest: {former}")
    return 0
