"""The commands that work offline: `verify`, `check-receipt` and `check-report`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from meterai.domain.errors import Unavailable
from meterai.languages import Language
from meterai.pdf.signing.signing_certificate import InvalidSigningManifest
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.trust.jws import SignedTextWrong
from meterai_cli import receipt, verification_report, verify
from meterai_cli.pem import certificates_in
from meterai_cli.published_records import RecordsWrong, read_records
from meterai_cli.signed_texts import KeyFolder, KeysWrong


def add_to(commands: Any) -> None:
    check = commands.add_parser("check-receipt", help="print what a deadline receipt proves")
    check.add_argument("receipt", help="the text in its QR code")
    _add_keys(check)
    check.add_argument("--document", type=Path, help="the PDF that the receipt should be about")
    of_file = commands.add_parser("check-report", help="print what a verification report proves")
    of_file.add_argument("report", type=Path, help="a file with the report that the API answered")
    _add_keys(of_file)
    of_file.add_argument("document", type=Path, nargs="?", help="the PDF it should be about")
    for one in (check, of_file):
        one.set_defaults(execute=_check)
    _add_verify(commands.add_parser("verify", help="print what a file is found to be, offline"))


def _add_keys(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--keys", type=Path, required=True, help="folder with the root key and key statements"
    )


def _add_verify(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(execute=_verify)
    parser.add_argument("file", type=Path)
    parser.add_argument("--manifest", type=Path, help="the signing manifest, as it is published")
    for option, what in (
        ("--certificate", "in its place: certificates of the system, newest first"),
        ("--chain", "their issuers, nearest first"),
        ("--root", "trusted roots, also of timestamps"),
    ):
        parser.add_argument(option, type=Path, action="append", default=[], help=what)
    parser.add_argument("--records", type=Path, help="the system's published records, as JSON")
    parser.add_argument("--json", action="store_true", help="print the API's answer")
    parser.add_argument("--language", choices=[*Language], default=Language.ENGLISH)


def _check(options: argparse.Namespace) -> int:
    keys = KeyFolder(options.keys)
    try:
        if options.command == "check-receipt":
            print(receipt.report(options.receipt, keys, options.document))
        else:
            text = options.report.read_text(encoding="utf-8")
            print(verification_report.report(text, keys, options.document))
    except SignedTextWrong as refusal:
        print(refusal, file=sys.stderr)
        return verify.Exit.NOT_PROVEN
    except (OSError, ValueError, KeysWrong) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return verify.Exit.WRONG_INPUT
    return verify.Exit.PROVEN


def _verify(options: argparse.Namespace) -> int:
    try:
        document = options.file.read_bytes()
        keyring = _keyring(options)
        records = read_records(options.records) if options.records else None
    except (OSError, ValueError, RecordsWrong) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return verify.Exit.WRONG_INPUT
    try:
        status, text = verify.report(
            document, keyring, records, as_json=options.json, language=Language(options.language)
        )
    except Unavailable as fault:
        print(f"The file cannot be judged now, try again: {fault}", file=sys.stderr)
        return verify.Exit.NOT_NOW
    print(text)
    return status


def _keyring(options: argparse.Namespace) -> SigningKeyring:
    """Raises OSError, ValueError."""
    if options.manifest is not None:
        return SigningKeyring.from_json(options.manifest.read_bytes())
    certificates = certificates_in(*options.certificate)
    if not certificates:
        raise InvalidSigningManifest("give --manifest, or --certificate and --root")
    return verify.keyring_of(
        certificates, certificates_in(*options.chain), certificates_in(*options.root)
    )
