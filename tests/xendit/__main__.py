"""`python -m tests.xendit`: runs the simulator as a process until interrupted."""

from tests.midtrans.alone import command, keep_up
from tests.xendit.simulator import XenditSimulator


def main() -> None:
    parser = command("tests.xendit", __doc__, 8086)
    parser.add_argument("--secret-key", default="xnd_development_local")
    parser.add_argument("--callback-token", default="a local callback token")
    keep_up(XenditSimulator(**vars(parser.parse_args())))


main()
