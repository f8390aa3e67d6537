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
from collections.abc import Sequence

from meterai_cli import (
    certificate_commands,
    deployment_commands,
    offline_commands,
    operator_commands,
    restore_commands,
)
from meterai_cli.sign_in import command as sign_in
from meterai_cli.smoke import command as smoke


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    return int(options.execute(options))


def parser() -> argparse.ArgumentParser:
    """Of all commands; each sets `execute` to what it does, which answers the exit status."""
    made = argparse.ArgumentParser(
        "meterai_cli", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = made.add_subparsers(dest="command", required=True)
    for group in (
        deployment_commands,
        operator_commands,
        restore_commands,
        certificate_commands,
        offline_commands,
        smoke,
        sign_in,
    ):
        group.add_to(commands)
    return made


if __name__ == "__main__":
    sys.exit(main())
