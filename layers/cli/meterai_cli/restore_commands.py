"""The commands around a restore of the tables: `drill`, `reclaim`, `reclaim-refunds`."""

import argparse
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from meterai.domain.id_derivation import OrderId
from meterai_cli.verify import Exit

if TYPE_CHECKING:
    from meterai_cli.reclaim import Finding


def add_to(commands: Any) -> None:
    restore = commands.add_parser(
        "drill", help="restore the tables beside the live ones, prove them and remove them again"
    )
    restore.set_defaults(execute=_drill)
    restore.add_argument("--stack", required=True)
    restore.add_argument("--at", type=_moment, help="2026-11-30T10:00:00Z; else the latest moment")
    restore.add_argument("--sample", type=int, default=200, help="of each table, to look at")
    restore.add_argument("--keep", action="store_true", help="do not remove the restored tables")
    again = commands.add_parser(
        "reclaim", help="after a restore: put what was stamped since on record again"
    )
    again.set_defaults(execute=_reclaim)
    again.add_argument("--stack", required=True)
    again.add_argument("--since", type=_moment, required=True, help="the moment of the restore")
    again.add_argument("--apply", action="store_true", help="write; else only say what it would")
    back = commands.add_parser(
        "reclaim-refunds", help="after a restore: put what was given back since on record again"
    )
    back.set_defaults(execute=_reclaim_refunds)
    back.add_argument("--stack", required=True)
    back.add_argument("orders", nargs="+", metavar="ORDER_ID", help="refunded since at the gateway")
    back.add_argument("--apply", action="store_true", help="write; else only say what it would")


def _moment(text: str) -> datetime:
    """argparse prints the text of an ArgumentTypeError alone."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("write it as 2026-11-30T10:00:00Z") from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"say the time zone: {text}Z")
    return at


def _drill(options: argparse.Namespace) -> int:
    import boto3

    from meterai.aws import clients
    from meterai_cli.drill import Account, CannotRestore, drill
    from meterai_cli.stack_names import names_of

    names = names_of(boto3.client("cloudformation"), options.stack)
    secret = clients.secrets_manager().get_secret_value(SecretId=names["IdentitySecret"])
    id_secret = secret["SecretString"].encode()
    account = Account(names, clients.dynamodb(), clients.s3(), id_secret)
    try:
        proven = drill(account, print, at=options.at, sample=options.sample, keep=options.keep)
    except CannotRestore as refused:
        print(refused, file=sys.stderr)
        return Exit.WRONG_INPUT
    return int(not proven)


def _reclaim(options: argparse.Namespace) -> int:
    import boto3

    from meterai.aws import clients
    from meterai_cli.reclaim import Restored, reclaim
    from meterai_cli.stack_names import names_of

    names = names_of(boto3.client("cloudformation"), options.stack)
    tables = Restored.of(names, clients.dynamodb(), clients.s3())
    return _told(reclaim(tables, options.since, datetime.now(UTC), apply=options.apply))


def _reclaim_refunds(options: argparse.Namespace) -> int:
    import boto3

    from meterai.aws import clients
    from meterai_cli.reclaim_refunds import Books, gateways_of, reclaim_refunds
    from meterai_cli.stack import Stack
    from meterai_cli.stack_names import names_of

    cloudformation = boto3.client("cloudformation")
    stack = Stack.read(cloudformation, options.stack)
    arn = stack.output("GatewaySecretArn")
    keys = clients.secrets_manager().get_secret_value(SecretId=arn)["SecretString"]
    gateways = gateways_of(stack.parameters, keys)
    books = Books.of(names_of(cloudformation, options.stack), clients.dynamodb(), gateways)
    now = datetime.now(UTC)
    return max(
        _told(reclaim_refunds(OrderId(one), books, now, apply=options.apply))
        for one in options.orders
    )


def _told(findings: "Iterable[Finding]") -> int:
    """1 where a person has to look at something."""
    is_open = False
    for one in findings:
        print(f"{'LOOK' if one.is_open else 'ok':6}{one.key}  {one.says}")
        is_open |= one.is_open
    return int(is_open)
