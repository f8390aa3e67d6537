"""A gateway that speaks as Xendit does, on this machine.

Its book, its buyers and its faults are those of `tests.midtrans`: money and faults are the same
everywhere, only the words differ.
"""

from tests.xendit.simulator import XenditSimulator

__all__ = ["XenditSimulator"]
