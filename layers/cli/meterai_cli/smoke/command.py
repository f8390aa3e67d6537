"""Reads the stack, signs in, and runs the steps."""

import argparse
import os
import re
import signal
import sys
from datetime import UTC, datetime
from typing import Any

from meterai_cli.sign_in.command import sign_in
from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.sign_in.flow import App
from meterai_cli.stack import NoSuchStack, Stack
from meterai_client import TokenSource

ACCESS_TOKEN = "METERAI_ACCESS_TOKEN"  # noqa: S105 (a variable's name)


def add_to(commands: Any) -> None:
    parser = commands.add_parser("smoke", help="buy, stamp and return an e-meterai at the sandbox")
    parser.set_defaults(execute=run)
    parser.add_argument("--stack", required=True, help="the stack's name")
    parser.add_argument("--region", help="else that of the environment")
    parser.add_argument(
        "--run",
        type=_run_name,
        default=f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        help="go on with this run",
    )
    parser.add_argument("--paid-within-s", type=float, default=900.0)
    parser.add_argument("--refunded-within-s", type=float, default=3_600.0)


def run(options: argparse.Namespace) -> int:
    """0: every step succeeded; 1: not, and what was printed says what is left."""
    import boto3

    from meterai_cli.smoke.sandbox import NotASandbox
    from meterai_cli.smoke.steps import Deadlines, Smoke

    session: Any = boto3.Session(region_name=options.region)
    deadlines = Deadlines(paid_s=options.paid_within_s, refunded_s=options.refunded_within_s)
    try:
        stack = Stack.read(session.client("cloudformation"), options.stack)
        token = os.environ.get(ACCESS_TOKEN) or _session(stack)
        smoke = Smoke.of(stack, session.client, token, options.run, deadlines)
    except (NoSuchStack, NotASandbox, SignInFailed) as refused:
        print(f"{type(refused).__name__}: {refused}; nothing was bought", file=sys.stderr)
        return 1
    # A pipeline that is cancelled ends as one that a person ends.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    return int(not smoke.succeeds())


def _session(stack: Stack) -> TokenSource:
    """Of the person at this terminal, in their browser. Raises SignInFailed."""
    callback = stack.parameter("SignInCallbacks").split(",")[0]
    app = App(stack.output("ApplicantClientId"), callback)
    try:
        return sign_in(stack.output("Issuer"), app).access_token
    except SignInFailed as failure:
        raise SignInFailed(f"{failure}; or set {ACCESS_TOKEN} to what sign-in prints") from failure


def _run_name(text: str) -> str:
    """It becomes a part of idempotency keys."""
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", text) is None:
        raise argparse.ArgumentTypeError("letters, digits, - and _, at most 64")
    return text
