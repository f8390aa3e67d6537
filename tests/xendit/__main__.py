"""`python -m tests.xendit`: the gateway as a process of its own, until interrupted."""

import argparse
import logging
import sys
import threading

from tests.xendit.simulator import XenditSimulator

log = logging.getLogger("xendit")


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    parser = argparse.ArgumentParser(prog="python -m tests.xendit", description=__doc__)
    parser.add_argument("--port", type=int, default=8086)
    parser.add_argument("--secret-key", default="xnd_development_local")
    parser.add_argument("--callback-token", default="a local callback token")
    parser.add_argument("--notice-url", help="where the merchant takes notices; none are sent else")
    arguments = parser.parse_args()
    simulator = XenditSimulator(
        secret_key=arguments.secret_key,
        callback_token=arguments.callback_token,
        notice_url=arguments.notice_url,
        port=arguments.port,
    )
    with simulator:
        log.info("Xendit simulator: %s (notices to %s)", simulator.url, simulator.notice_url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            log.info("stopped")


main()
