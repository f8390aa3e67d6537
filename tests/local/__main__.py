"""`make serve`: keeps the whole system running on fixed ports, with the developer's page before
it; handlers reload when code changes."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import get_args

from meterai.gateways.names import GatewayName
from tests.local.developer.server import DeveloperServer
from tests.local.docs_page import REDIRECT_PATH, DocsPage
from tests.local.environment import (
    PHONE_RETURN,
    PORTAL,
    PUBLIC_HOST,
    Environment,
    local_environment,
)
from tests.local.gateway import BANK_ACCOUNTS, seed_bank_accounts
from tests.local.loopback import LoopbackServer

OPENAPI = Path("layers/meterai/openapi.json")
CLI_RETURN = "http://localhost:8080/"  # what `meterai_cli sign-in` listens at


def main() -> None:
    """Serve until interrupted."""
    arguments = _arguments()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    developer = LoopbackServer(arguments.port + 3)
    with local_environment(
        endpoint_url=arguments.endpoint_url,
        functions_sign_by_name=arguments.endpoint_url is None,
        api_port=arguments.port,
        issuer_port=arguments.port + 1,
        gateway=arguments.gateway,
        gateway_port=arguments.port + 2,
        page_origin=developer.url,
        instances=arguments.instances,
        logs=arguments.logs,
        reload=True,
        links_open_here=PUBLIC_HOST,
        more_parameters={
            "UnitPriceIdr": str(arguments.price),
            "SignInCallbacks": f"{developer.url}{REDIRECT_PATH},{CLI_RETURN},{PHONE_RETURN}",
        },
    ) as place:
        seed_bank_accounts(place.gateway)
        account = place.account
        client_id = account.outputs["ApplicantClientId"]
        docs = DocsPage(OPENAPI, account.api_url, account.issuer_url, client_id)
        server = DeveloperServer(place, docs)
        developer.start(server)
        sys.stdout.write(_addresses(place, developer.url))
        sys.stdout.flush()
        if not arguments.empty:
            server.seed_in_background()
        stop.wait()
        developer.stop()


def _addresses(place: Environment, developer_url: str) -> str:
    account = place.account
    client_id = account.outputs["ApplicantClientId"]
    issuer, operators = account.issuer_url, account.outputs["OperatorClientId"]
    token = f"curl -s {issuer}/oauth2/token"
    holders = "\n".join(
        f"              {bank} {number} {holder}"
        for (bank, number), holder in BANK_ACCOUNTS.items()
    )
    return f"""
  start here  {developer_url}/   the system, live; a button for each thing to try; links to the rest
  pages       {account.api_url}/   the applicant's; {account.api_url}/operator   the operators'
  API         {account.api_url}
  its page    {developer_url}/docs; its button "Authorize" signs in, as one of the people listed
  sign-in     {issuer}, client {client_id}; returns to
              {developer_url}{REDIRECT_PATH}, {CLI_RETURN} and {PHONE_RETURN}
  payments    {place.gateway.url}   what is to be paid; each has a page with a button; faults to try
  AWS APIs    {account.endpoint_url}   for the aws command's --endpoint-url
  portal      {PORTAL}: prefix stamped/{PORTAL}/ of {account.physical("DocumentsBucket")};
              topic {account.outputs["PortalTopicArn"]}
  banks       accounts that exist, for refunds that need one:
{holders}
  logs        {account.logs}

  A token for an applicant, with the browser, and of anybody without (this machine alone can):
    .venv/bin/python -m meterai_cli sign-in --issuer {issuer} --client-id {client_id}
    curl -s {issuer}/only-here/token -d username=sri@pelamar.example -d client_id={client_id}
  For the portal:
    {_machine(place, token, "PortalClient")}
  For an operator, by the name that the audit trail shows:
    curl -s {issuer}/only-here/token -d username=sri.wahyuni -d client_id={operators}

  Ctrl-C ends it, and everything in it is forgotten.
"""


def _machine(place: Environment, token: str, client: str) -> str:
    client_id, secret = place.account.client_credentials(client)
    return f"{token} -u {client_id}:{secret} \\\n      -d grant_type=client_credentials"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the API; three more follow it")
    parser.add_argument("--gateway", choices=get_args(GatewayName), default="midtrans")
    parser.add_argument("--price", type=int, default=10_000, help="of one e-meterai, in rupiah")
    parser.add_argument("--endpoint-url", help="AWS APIs elsewhere, such as ministack's")
    parser.add_argument("--instances", type=int, default=1, help="of each function, at most")
    parser.add_argument("--empty", action="store_true", help="without the first data")
    parser.add_argument("--logs", type=Path, default=Path("out/local/logs"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
