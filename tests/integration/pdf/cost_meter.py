"""What work costs in this process and in its sandboxes."""

import resource


class CostMeter:
    """Counts from where it is made on. The memory is the most of this process and what a sandbox
    needs beside it; pages that they share are counted once."""

    def __init__(self) -> None:
        self._cpu_seconds = _cpu_seconds()
        self._kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    @property
    def cpu_seconds(self) -> float:
        return _cpu_seconds() - self._cpu_seconds

    @property
    def memory_mib(self) -> float:
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return (own + max(0, children - self._kibibytes)) / 1024


def _cpu_seconds() -> float:
    used = [resource.getrusage(of) for of in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)
