"""`python -m tests.midtrans`: the gateway as a process of its own, until interrupted."""

import argparse
import logging
import sys
import threading

from tests.midtrans.simulator import MidtransSimulator

log = logging.getLogger("midtrans")


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    parser = argparse.ArgumentParser(prog="python -m tests.midtrans", description=__doc__)
    parser.add_argument("--port", type=int, default=8085)
    parser.add_argument("--server-key", default="SB-Mid-server-local")
    parser.add_argument("--merchant-name", default="Kantor Meterai")
    parser.add_argument("--notice-url", help="where the merchant takes notices; none are sent else")
    parser.add_argument(
        "--delay-factor",
        type=float,
        default=1.0,
        help="scales Midtrans's delays between notices: 0.01 makes 2 minutes 1.2 seconds",
    )
    arguments = parser.parse_args()
    simulator = MidtransSimulator(
        server_key=arguments.server_key,
        notice_url=arguments.notice_url,
        merchant_name=arguments.merchant_name,
        port=arguments.port,
        delay_factor=arguments.delay_factor,
    )
    with simulator:
        log.info("Midtrans simulator: %s (notices to %s)", simulator.url, simulator.notice_url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            log.info("stopped")


main()
