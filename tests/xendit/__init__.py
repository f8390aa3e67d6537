"""A simulator of Xendit on this machine.

Its ledger, buyers and faults are those of `tests.midtrans`: money and faults are the same for every
gateway, only the protocol differs.
"""

from tests.xendit.simulator import XenditSimulator

__all__ = ["XenditSimulator"]
