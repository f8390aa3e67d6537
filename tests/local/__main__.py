"""`python -m tests.local`: keep an account up, and reload functions when their source changes."""

import argparse
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from tests.local.account import LocalAccount
from tests.local.addresses import Addresses
from tests.local.docs_page import DocsPage
from tests.local.loopback import LoopbackServer

_API_PORT = 8000
_ISSUER_PORT = 8001
_DOCS_PORT = 8002


def main() -> None:
    """Serve until interrupted."""
    arguments = _arguments()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    docs = LoopbackServer(arguments.docs_port)

    def parameters(addresses: Addresses) -> Mapping[str, str]:
        return {**_neighbours(addresses, docs.url), **dict(arguments.parameter)}

    with LocalAccount.start(
        arguments.template,
        parameters,
        stack_name=arguments.stack_name,
        endpoint_url=arguments.endpoint_url,
        api_port=arguments.api_port,
        issuer_port=arguments.issuer_port,
        instances=arguments.instances,
        schedule_speed=arguments.schedule_speed,
        logs=arguments.logs,
        reload=True,
    ) as account:
        docs.start(DocsPage(arguments.openapi, account.api_url))
        _show(account, docs.url)
        stop.wait()
        docs.stop()


def _neighbours(_addresses: Addresses, docs_url: str) -> Mapping[str, str]:
    """Values of the template's parameters, and the place where the account's neighbours join.

    Called when the addresses are known and nothing exists yet: start the payment simulator here,
    give it `addresses.api_url` for its notices, and name it in `GatewayUrl`. What must be done
    with the resources before the first invocation (enrolment) goes to `LocalAccount.start` as
    `before_start_functions`.
    """
    return {
        "GatewayServerKey": "local-development-only",
        "GatewayUrl": "http://127.0.0.1:1",  # nobody, until the simulator joins; never the real one
        "PageOrigins": f"{docs_url},http://localhost:8080",
        "PublicHost": "meterai.localhost",
    }


def _show(account: LocalAccount, docs_url: str) -> None:
    lines = [f"Documentation {docs_url}/docs", f"Logs {account.logs}"]
    lines += [f"{name} {value}" for name, value in sorted(account.outputs.items())]
    sys.stdout.write("".join(f"  {line}\n" for line in lines))
    sys.stdout.flush()


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name, value


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.local", description=__doc__)
    parser.add_argument("--template", type=Path, default=Path("template.yaml"))
    parser.add_argument("--stack-name", default="meterai-local")
    parser.add_argument("--parameter", type=_parameter, action="append", default=[])
    parser.add_argument("--endpoint-url", help="AWS APIs elsewhere, such as ministack's")
    parser.add_argument("--api-port", type=int, default=_API_PORT)
    parser.add_argument("--issuer-port", type=int, default=_ISSUER_PORT)
    parser.add_argument("--docs-port", type=int, default=_DOCS_PORT)
    parser.add_argument("--openapi", type=Path, default=Path("openapi.json"))
    parser.add_argument("--instances", type=int, default=1, help="of each function, at most")
    parser.add_argument("--schedule-speed", type=float, default=1.0)
    parser.add_argument("--logs", type=Path, default=Path("out/local/logs"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
