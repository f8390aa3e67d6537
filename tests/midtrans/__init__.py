"""A gateway that speaks as Midtrans does, on this machine, with real shapes and real faults."""

from tests.midtrans.faults import Fault, FaultKind
from tests.midtrans.simulator import MidtransSimulator

__all__ = ["Fault", "FaultKind", "MidtransSimulator"]
