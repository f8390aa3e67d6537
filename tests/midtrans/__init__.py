"""A simulator of Midtrans on this machine, with the real formats and the real faults."""

from tests.midtrans.faults import Fault, FaultKind
from tests.midtrans.simulator import MidtransSimulator

__all__ = ["Fault", "FaultKind", "MidtransSimulator"]
