"""`make serve`: keeps the whole system running on fixed ports; handlers reload when code
changes."""

import argparse
import signal
import sys
import threading
from pathlib import Path
from typing import get_args

from meterai.gateways.names import GatewayName
from tests.local.docs_page import DocsPage
from tests.local.environment import PORTAL, Environment, local_environment
from tests.local.loopback import LoopbackServer

OPENAPI = Path("layers/meterai/openapi.json")


def main() -> None:
    """Serve until interrupted."""
    arguments = _arguments()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    docs = LoopbackServer(arguments.port + 3)
    with local_environment(
        endpoint_url=arguments.endpoint_url,
        functions_sign_by_name=arguments.endpoint_url is None,
        api_port=arguments.port,
        issuer_port=arguments.port + 1,
        gateway=arguments.gateway,
        gateway_port=arguments.port + 2,
        page_origin=docs.url,
        instances=arguments.instances,
        logs=arguments.logs,
        reload=True,
    ) as place:
        docs.start(DocsPage(OPENAPI, place.account.api_url))
        sys.stdout.write(_addresses(place, docs.url))
        sys.stdout.flush()
        stop.wait()
        docs.stop()


def _addresses(place: Environment, docs_url: str) -> str:
    account = place.account
    client_id = account.outputs["ApplicantClientId"]
    return f"""
  API         {account.api_url}
  its page    {docs_url}/docs
  payments    {place.gateway.url}   what is to be paid; each has a page with a button
  AWS APIs    {account.endpoint_url}   for the aws command's --endpoint-url
  portal      {PORTAL}; topic {account.outputs["StampedTopicArn"]}
  logs        {account.logs}

  A token for an applicant:
    curl -s {account.issuer_url}/oauth2/token -d grant_type=password -d username=sri \\
      -d client_id={client_id}

  Ctrl-C ends it, and everything in it is forgotten.
"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.local", description=__doc__)
    parser.add_argument("--port", type=int, default=8000, help="of the API; three more follow it")
    parser.add_argument("--gateway", choices=get_args(GatewayName), default="midtrans")
    parser.add_argument("--endpoint-url", help="AWS APIs elsewhere, such as ministack's")
    parser.add_argument("--instances", type=int, default=1, help="of each function, at most")
    parser.add_argument("--logs", type=Path, default=Path("out/local/logs"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
