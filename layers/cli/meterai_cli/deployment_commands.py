"""The commands around a deployment: `preflight`, `edge` and `set-gateway-keys`."""

import argparse
import sys
from pathlib import Path
from typing import Any

from meterai.gateways.keys import KEY_NAMES
from meterai_cli.verify import Exit


def add_to(commands: Any) -> None:
    keys = commands.add_parser("set-gateway-keys", help="ask for keys and put them into the secret")
    keys.set_defaults(execute=_set_gateway_keys)
    keys.add_argument("--secret", required=True, help="GatewaySecretArn of the stack")
    keys.add_argument("names", nargs="+", choices=KEY_NAMES, help="of the keys to set")
    before = commands.add_parser("preflight", help="is everything ready to deploy? It only reads")
    before.set_defaults(execute=_preflight)
    _add_config(before)
    at_edge = commands.add_parser("edge", help="deploy CloudFront with its firewall")
    at_edge.set_defaults(execute=_edge)
    _add_config(at_edge)
    key = at_edge.add_mutually_exclusive_group()
    key.add_argument("--renew", action="store_true", help="make the key anew that is not sent")
    key.add_argument("--switch", action="store_true", help="send the other key from now on")


def _add_config(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=Path("samconfig.toml"))
    parser.add_argument("--config-env", default="trial", help="which part of it")


def _set_gateway_keys(options: argparse.Namespace) -> int:
    from meterai.aws import clients
    from meterai_cli.gateway_keys import ask_for_keys, set_gateway_keys

    keys = ask_for_keys(options.names)
    are_set = set_gateway_keys(clients.secrets_manager(), options.secret, keys)
    print(f"set: {', '.join(are_set) or 'none'}")
    return 0


def _preflight(options: argparse.Namespace) -> int:
    import boto3

    from meterai_cli.preflight import Plan, Verdict, preflight

    try:
        plan = Plan.from_samconfig(options.config, options.config_env)
    except (OSError, ValueError, KeyError) as wrong:
        print(f"{type(wrong).__name__}: {wrong}", file=sys.stderr)
        return Exit.WRONG_INPUT
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
        return Exit.WRONG_INPUT
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
