"""What an operator does to a stack that runs, and is recorded: `buying`, `replace-token-keys`."""

import argparse
import sys
from typing import Any

from meterai_cli.caller import audited


def add_to(commands: Any) -> None:
    buying = commands.add_parser("buying", help="stop selling, or let it go on")
    buying.set_defaults(execute=_turn_buying)
    buying.add_argument("state", choices=("on", "off"))
    buying.add_argument("--table", required=True, help="LoadStatusTableName of the stack")
    leaked = commands.add_parser("replace-token-keys", help="after a key of links has got out")
    leaked.set_defaults(execute=_replace_token_keys)
    leaked.add_argument("--function", required=True, help="RotateTokenKeyFunctionName of the stack")
    for one in (buying, leaked):
        one.add_argument("--bucket", required=True, help="DocumentsBucketName of the stack")
        one.add_argument("--reason", required=True, help="kept in the audit trail")


def _turn_buying(options: argparse.Namespace) -> int:
    from meterai.aws import clients
    from meterai_cli.buying import turn

    operator, audit_trail = audited(options.bucket)
    is_off = options.state == "off"
    turn(
        clients.dynamodb(), options.table, operator, audit_trail, off=is_off, reason=options.reason
    )
    print(f"buying is {options.state}, by {operator.name}")
    return 0


def _replace_token_keys(options: argparse.Namespace) -> int:
    import boto3

    from meterai_cli.token_keys import NotReplaced, replace_token_keys

    operator, audit_trail = audited(options.bucket)
    client = boto3.client("lambda")
    try:
        new = replace_token_keys(client, options.function, operator, audit_trail, options.reason)
    except NotReplaced as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"key {new} signs from now on; within five minutes no other is valid")
    return 0
