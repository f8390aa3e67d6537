"""A simulator as a separate process, until interrupted: the part that all gateways share."""

import argparse
import logging
import sys
import threading

from tests.midtrans.gateway import GatewaySimulator

log = logging.getLogger("gateway")


def command(package: str, about: str | None, port: int) -> argparse.ArgumentParser:
    """The command line of `python -m PACKAGE`; each gateway adds its keys."""
    parser = argparse.ArgumentParser(prog=f"python -m {package}", description=about)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--webhook-url", help="where webhooks go; without it none is sent")
    return parser


def keep_up(simulator: GatewaySimulator) -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    name = type(simulator).__name__
    with simulator:
        log.info("%s: %s (webhooks to %s)", name, simulator.url, simulator.webhook_url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            log.info("stopped")
