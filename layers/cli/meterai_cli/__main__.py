"""How a signing key gets its certificate, and how a portal checks a deadline receipt.

    python -m meterai_cli csr --key-id KEY CN='PT Contoh' O='PT Contoh' C=ID > request.pem
    python -m meterai_cli install-identity --key-id KEY --bucket BUCKET \\
        --certificate issued.pem --chain issuer.pem --root root.pem --root timestamp-root.pem
    python -m meterai_cli check-receipt --keys FOLDER --document letter.pdf RECEIPT

The last calls nobody. Region and credentials are those of the environment, as boto3 reads it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from meterai.aws import clients
from meterai.aws.keys.signing import KmsSigner
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.trust.receipts import ReceiptWrong
from meterai_cli.certificate_request import REQUEST_PEM, certificate_request
from meterai_cli.install import CannotInstall, install
from meterai_cli.pem import certificates_in, pem
from meterai_cli.receipt import report


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    try:
        match asked.command:
            case "csr":
                print(_request(asked.key_id, asked.subject), end="")
            case "check-receipt":
                print(report(asked.receipt, asked.keys, asked.document))
            case _:
                print(_install(asked))
    except (CannotInstall, ReceiptWrong) as refusal:
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


def _install(asked: argparse.Namespace) -> str:
    (certificate,) = certificates_in(asked.certificate)
    identity = SigningCertificate(
        asked.key_id,
        certificate,
        tuple(one for path in asked.chain for one in certificates_in(path)),
    )
    known = install(
        identity,
        tuple(one for path in asked.root for one in certificates_in(path)),
        kms=clients.kms(),
        s3=clients.s3(),
        bucket=asked.bucket,
        key=asked.object,
    )
    return f"{identity.key_id} signs from now on; {len(known.former)} former identities are known"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("meterai_cli", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    csr = commands.add_parser("csr", help="a certificate request, signed by a key in KMS")
    csr.add_argument("--key-id", required=True)
    csr.add_argument("subject", nargs="+", help="such as CN='PT Contoh' O='PT Contoh' C=ID")
    identity = commands.add_parser("install-identity", help="sign with this certificate from now")
    identity.add_argument("--key-id", required=True)
    identity.add_argument("--bucket", required=True, help="DocumentsBucketName of the stack")
    identity.add_argument("--object", default="signing/identity.json", help="SigningManifestObject")
    identity.add_argument("--certificate", type=Path, required=True)
    identity.add_argument("--chain", type=Path, action="append", default=[], help="nearest first")
    identity.add_argument("--root", type=Path, action="append", required=True)
    receipt = commands.add_parser("check-receipt", help="what a deadline receipt proves")
    receipt.add_argument("receipt", help="its text, as read from the QR code")
    receipt.add_argument("--keys", type=Path, required=True, help="folder with root and statements")
    receipt.add_argument("--document", type=Path, help="that it should be about")
    return parser


if __name__ == "__main__":
    sys.exit(main())
