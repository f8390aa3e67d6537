"""`python -m tests.midtrans`: runs the simulator as a process until interrupted."""

from tests.midtrans.alone import command, keep_up
from tests.midtrans.simulator import MidtransSimulator


def main() -> None:
    parser = command("tests.midtrans", __doc__, 8085)
    parser.add_argument("--server-key", default="SB-Mid-server-local")
    parser.add_argument("--merchant-name", default="Kantor Meterai")
    parser.add_argument(
        "--delay-factor",
        type=float,
        default=1.0,
        help="scales Midtrans's delays between webhooks: 0.01 makes 2 minutes 1.2 seconds",
    )
    keep_up(MidtransSimulator(**vars(parser.parse_args())))


main()
