"""Sets up a signing certificate for a key in KMS, and checks deadline receipts.

    python -m meterai_cli request-certificate --key-id KEY \\
        CN='PT Contoh' O='PT Contoh' C=ID > request.pem
    python -m meterai_cli install-certificate --key-id KEY --bucket BUCKET \\
        --certificate issued.pem --chain issuer.pem --root root.pem --root timestamp-root.pem
    python -m meterai_cli check-receipt --keys FOLDER --document letter.pdf RECEIPT

`check-receipt` works offline. Region and credentials come from the environment, as boto3 reads it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from meterai.aws import clients
from meterai.aws.keys.signing import KmsSigner
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.trust.jws import SignedTextWrong
from meterai_cli.certificate_request import REQUEST_PEM, certificate_request
from meterai_cli.install import CannotInstall, install
from meterai_cli.pem import certificates_in, pem
from meterai_cli.receipt import report


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        match options.command:
            case "request-certificate":
                print(_request(options.key_id, options.subject), end="")
            case "check-receipt":
                print(report(options.receipt, options.keys, options.document))
            case _:
                print(_install(options))
    except (CannotInstall, SignedTextWrong) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def _request(key_id: str, subject: Sequence[str]) -> str:
    kms = clients.kms()
    public_key = kms.get_public_key(KeyId=key_id)["PublicKey"]
    signer = KmsSigner(kms)
    names = dict(part.split("=", 1) for part in subject)
    return pem(
        REQUEST_PEM,
        certificate_request(names, public_key, lambda message: signer.sign(key_id, message)),
    )


def _install(options: argparse.Namespace) -> str:
    (der,) = certificates_in(options.certificate)
    certificate = SigningCertificate(
        options.key_id,
        der,
        tuple(one for path in options.chain for one in certificates_in(path)),
    )
    keyring = install(
        certificate,
        tuple(one for path in options.root for one in certificates_in(path)),
        kms=clients.kms(),
        s3=clients.s3(),
        bucket=options.bucket,
        key=options.object,
    )
    former = len(keyring.former)
    return f"{certificate.key_id} signs from now on; former certificates in the manifest: {former}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "meterai_cli", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    request = commands.add_parser(
        "request-certificate", help="print a certificate request (PEM), signed by a key in KMS"
    )
    request.add_argument("--key-id", required=True)
    request.add_argument("subject", nargs="+", help="such as CN='PT Contoh' O='PT Contoh' C=ID")
    certificate = commands.add_parser(
        "install-certificate", help="put a certificate into the signing manifest as the current one"
    )
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
    receipt = commands.add_parser("check-receipt", help="print what a deadline receipt proves")
    receipt.add_argument("receipt", help="the text in its QR code")
    receipt.add_argument(
        "--keys", type=Path, required=True, help="folder with the root key and key statements"
    )
    receipt.add_argument("--document", type=Path, help="the PDF that the receipt should be about")
    return parser


if __name__ == "__main__":
    sys.exit(main())
