"""`python -m meterai_cli sign-in`: prints an access token, for curl and for scripts."""

import argparse
import sys
import webbrowser
from typing import Any

from meterai.domain.sign_in.flow import APPLICANT_SCOPES
from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.sign_in.flow import OPERATOR_SCOPES, App, address, begin, finish
from meterai_cli.sign_in.loopback import Loopback
from meterai_cli.sign_in.provider import Provider
from meterai_cli.sign_in.session import Session


def add_to(commands: Any) -> None:
    parser = commands.add_parser("sign-in", help="print an access token of a person")
    parser.set_defaults(execute=run)
    parser.add_argument("--issuer", required=True, help="Issuer of the stack, or OperatorIssuer")
    parser.add_argument(
        "--client-id", required=True, help="ApplicantClientId of the stack, or OperatorClientId"
    )
    parser.add_argument("--operator", action="store_true", help="sign in as an operator")
    parser.add_argument(
        "--redirect",
        default="http://localhost:8080/",
        help="one of SignInCallbacks, on this machine",
    )
    parser.add_argument("--language", choices=("id", "en"), default="id", help="of the page")


def run(options: argparse.Namespace) -> int:
    scopes = OPERATOR_SCOPES if options.operator else APPLICANT_SCOPES
    app = App(options.client_id, options.redirect, scopes)
    try:
        session = sign_in(options.issuer, app, options.language)
    except SignInFailed as refusal:
        print(refusal, file=sys.stderr)
        return 1
    print(session.access_token())
    return 0


def sign_in(issuer: str, app: App, language: str | None = None) -> Session:
    """The browser may be on another machine: its address is printed as well. Raises
    SignInFailed."""
    provider, pending = Provider.discover(issuer), begin()
    target = address(provider, app, pending, language=language)
    print(f"Sign in at {target}", file=sys.stderr)
    with Loopback(app.redirect_uri) as loopback:
        came_back_to = loopback.wait(lambda: webbrowser.open(target))
    return finish(provider, app, pending, came_back_to)
