"""Sets up the gateways' keys and a signing certificate, and verifies files and what the system
signed.

    python -m meterai_cli preflight --config-env production
    python -m meterai_cli edge --config-env production
    python -m meterai_cli set-gateway-keys --secret ARN server_key callback_token
    python -m meterai_cli buying off --table TABLE --bucket BUCKET --reason "..."
    python -m meterai_cli replace-token-keys --function FUNCTION --bucket BUCKET --reason "..."
    python -m meterai_cli smoke --stack meterai-trial
    python -m meterai_cli drill --stack meterai
    python -m meterai_cli reclaim --stack meterai --since 2026-11-30T10:00:00Z
    python -m meterai_cli reclaim-refunds --stack meterai ORDER_ID ...
    python -m meterai_cli request-certificate --key-id KEY \\
        CN='PT Contoh' O='PT Contoh' C=ID > request.pem
    python -m meterai_cli install-certificate --key-id KEY --bucket BUCKET --reason "..." \\
        --certificate issued.pem --chain issuer.pem --root root.pem --root timestamp-root.pem
    python -m meterai_cli verify --manifest manifest.json --records issued.jsonl letter.pdf
    python -m meterai_cli check-receipt --keys FOLDER --document letter.pdf RECEIPT
    python -m meterai_cli check-report --keys FOLDER report.jws letter.pdf
    python -m meterai_cli sign-in --issuer URL --client-id ID

`verify` and the checks work offline, `sign-in` with a browser; the others take region and
credentials from the environment, as boto3 reads it. `verify` ends with status 0: genuine or
extended; 1: covered, altered, copy, withdrawn or unrecorded; 2: wrong input; 3: nothing of this
system in the file; 4: it cannot be judged now.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meterai.domain.errors import Unavailable
from meterai.domain.operators import AuditRecord, Operator, OperatorAction
from meterai.gateways.keys import KEY_NAMES
from meterai.languages import Language
from meterai.pdf.signing.signing_certificate import InvalidSigningManifest, SigningCertificate
from meterai.pdf.signing.signing_keyring import SigningKeyring
from meterai.ports import AuditTrail
from meterai.trust.jws import SignedTextWrong
from meterai_cli import receipt, restore_commands, verification_report, verify
from meterai_cli.certificate_request import REQUEST_PEM, certificate_request
from meterai_cli.pem import certificates_in, pem
from meterai_cli.published_records import RecordsWrong, read_records
from meterai_cli.sign_in import command as sign_in
from meterai_cli.signed_texts import KeyFolder, KeysWrong
from meterai_cli.smoke import command as smoke


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    match options.command:
        case "request-certificate":
            print(_request(options.key_id, options.subject), end="")
        case "set-gateway-keys":
            print(_set_gateway_keys(options.secret, options.names))
        case "preflight":
            return _preflight(options)
        case "edge":
            return _edge(options)
        case "buying":
            _turn_buying(options)
        case command if command in restore_commands.COMMANDS:
            return restore_commands.COMMANDS[command](options)
        case "replace-token-keys":
            return _replace_token_keys(options)
        case "check-receipt" | "check-report":
            return _check(options)
        case "verify":
            return _verify(options)
        case "sign-in":
            return sign_in.run(options)
        case "smoke":
            return smoke.run(options)
        case _:
            return _install(options)
    return 0


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
    certificates = _certificates(options.certificate)
    if not certificates:
        raise InvalidSigningManifest("give --manifest, or --certificate and --root")
    return verify.keyring_of(
        certificates, _certificates(options.chain), _certificates(options.root)
    )


def _certificates(paths: Iterable[Path]) -> tuple[bytes, ...]:
    return tuple(one for path in paths for one in certificates_in(path))


def _request(key_id: str, subject: Sequence[str]) -> str:
    from meterai.aws import clients
    from meterai.aws.keys.signing import KmsSigner

    kms = clients.kms()
    public_key = kms.get_public_key(KeyId=key_id)["PublicKey"]
    signer = KmsSigner(kms)
    names = dict(part.split("=", 1) for part in subject)
    return pem(
        REQUEST_PEM,
        certificate_request(names, public_key, lambda message: signer.sign(key_id, message)),
    )


def _set_gateway_keys(secret_arn: str, names: list[str]) -> str:
    from meterai.aws import clients
    from meterai_cli.gateway_keys import ask_for_keys, set_gateway_keys

    are_set = set_gateway_keys(clients.secrets_manager(), secret_arn, ask_for_keys(names))
    return f"set: {', '.join(are_set) or 'none'}"


def _preflight(options: argparse.Namespace) -> int:
    import boto3

    from meterai_cli.preflight import Plan, Verdict, preflight

    try:
        plan = Plan.from_samconfig(options.config, options.config_env)
    except (OSError, ValueError, KeyError) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return verify.Exit.WRONG_INPUT
    session: Any = boto3.Session(region_name=plan.region)
    found = preflight(plan, session.client)
    for one in found:
        print(f"{one.verdict:8}{one.subject:16}{one.says}")
    return int(any(one.verdict is Verdict.WRONG for one in found))


def _edge(options: argparse.Namespace) -> int:
    import boto3

    from meterai_cli import edge
    from meterai_cli.preflight import Plan

    try:
        plan = Plan.from_samconfig(options.config, options.config_env)
        given = edge.parameters_of(options.config, options.config_env)
    except (OSError, ValueError, KeyError) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return verify.Exit.WRONG_INPUT
    session: Any = boto3.Session(region_name=plan.region)
    try:
        if options.renew:
            now = edge.renew(plan, session.client)
        elif options.switch:
            now = edge.switch(plan, given, session.client)
        else:
            now = edge.deploy(plan, given, session.client)
    except edge.CannotChangeEdge as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(f"the edge is at {now.domain_name}, and sends its {now.sends} key")
    print(f"deploy the API with {edge.line_of(now)}")
    if not now.is_served:
        print("the API refuses what the edge sends now", file=sys.stderr)
    return int(not now.is_served)


def _turn_buying(options: argparse.Namespace) -> None:
    from meterai.aws import clients
    from meterai_cli.buying import turn

    operator, audit_trail = _audited(options.bucket)
    is_off = options.state == "off"
    turn(
        clients.dynamodb(), options.table, operator, audit_trail, off=is_off, reason=options.reason
    )
    print(f"buying is {options.state}, by {operator.name}")


def _replace_token_keys(options: argparse.Namespace) -> int:
    import boto3

    from meterai_cli.token_keys import NotReplaced, replace_token_keys

    operator, audit_trail = _audited(options.bucket)
    client = boto3.client("lambda")
    try:
        new = replace_token_keys(client, options.function, operator, audit_trail, options.reason)
    except NotReplaced as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"key {new} signs from now on; within five minutes no other is valid")
    return 0


def _audited(bucket: str) -> tuple[Operator, AuditTrail]:
    import boto3

    from meterai.aws import clients
    from meterai.aws.storage.audit_trail import S3AuditTrail
    from meterai_cli.caller import caller

    return caller(boto3.client("sts")), S3AuditTrail(clients.s3(), bucket)


def _install(options: argparse.Namespace) -> int:
    from meterai.aws import clients
    from meterai_cli.install import CannotInstall, install

    (der,) = certificates_in(options.certificate)
    certificate = SigningCertificate(options.key_id, der, _certificates(options.chain))
    operator, audit_trail = _audited(options.bucket)
    action, now = OperatorAction.INSTALL_CERTIFICATE, datetime.now(UTC)
    audit_trail.record(AuditRecord(operator, action, options.key_id, options.reason, now))
    try:
        keyring = install(
            certificate,
            _certificates(options.root),
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "meterai_cli", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", required=True)
    keys = commands.add_parser("set-gateway-keys", help="ask for keys and put them into the secret")
    keys.add_argument("--secret", required=True, help="GatewaySecretArn of the stack")
    keys.add_argument("names", nargs="+", choices=KEY_NAMES, help="of the keys to set")
    before = commands.add_parser("preflight", help="is everything ready to deploy? It only reads")
    before.add_argument("--config", type=Path, default=Path("samconfig.toml"))
    before.add_argument("--config-env", default="trial", help="which part of it")
    at_edge = commands.add_parser("edge", help="deploy CloudFront with its firewall")
    at_edge.add_argument("--config", type=Path, default=Path("samconfig.toml"))
    at_edge.add_argument("--config-env", default="trial", help="which part of it")
    key = at_edge.add_mutually_exclusive_group()
    key.add_argument("--renew", action="store_true", help="make the key anew that is not sent")
    key.add_argument("--switch", action="store_true", help="send the other key from now on")
    buying = commands.add_parser("buying", help="stop selling, or let it go on")
    buying.add_argument("state", choices=("on", "off"))
    buying.add_argument("--table", required=True, help="LoadStatusTableName of the stack")
    buying.add_argument("--bucket", required=True, help="DocumentsBucketName of the stack")
    buying.add_argument("--reason", required=True, help="kept in the audit trail")
    restore_commands.add_to(commands)
    leaked = commands.add_parser("replace-token-keys", help="after a key of links has got out")
    leaked.add_argument("--function", required=True, help="RotateTokenKeyFunctionName of the stack")
    leaked.add_argument("--bucket", required=True, help="DocumentsBucketName of the stack")
    leaked.add_argument("--reason", required=True, help="kept in the audit trail")
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
    certificate.add_argument("--reason", required=True, help="kept in the audit trail")
    check = commands.add_parser("check-receipt", help="print what a deadline receipt proves")
    check.add_argument("receipt", help="the text in its QR code")
    check.add_argument(
        "--keys", type=Path, required=True, help="folder with the root key and key statements"
    )
    check.add_argument("--document", type=Path, help="the PDF that the receipt should be about")
    of_file = commands.add_parser("check-report", help="print what a verification report proves")
    of_file.add_argument("report", type=Path, help="a file with the report that the API answered")
    of_file.add_argument(
        "--keys", type=Path, required=True, help="folder with the root key and key statements"
    )
    of_file.add_argument("document", type=Path, nargs="?", help="the PDF it should be about")
    _add_verify(commands.add_parser("verify", help="print what a file is found to be, offline"))
    smoke.add_options(
        commands.add_parser("smoke", help="buy, stamp and return an e-meterai at the sandbox")
    )
    sign_in.add_options(commands.add_parser("sign-in", help="print an access token of a person"))
    return parser


def _add_verify(parser: argparse.ArgumentParser) -> None:
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


if __name__ == "__main__":
    sys.exit(main())
