"""Waits that queueing theory gives exactly. They check the simulator."""

import math


def wait_mmc_s(arrivals_per_s: float, service_s: float, servers: int) -> float:
    """Mean wait in M/M/c: random arrivals, random (exponential) times, c servers; Erlang's C."""
    load = arrivals_per_s * service_s
    if load >= servers:
        return math.inf
    blocking = 1.0  # Erlang's B, by its recursion
    for server in range(1, servers + 1):
        blocking = load * blocking / (server + load * blocking)
    busy = load / servers
    waits = blocking / (1 - busy * (1 - blocking))  # Erlang's C: the share that waits
    return waits * service_s / (servers - load)


def wait_md1_s(arrivals_per_s: float, service_s: float) -> float:
    """Mean wait in M/D/1: random arrivals, one server that always takes as long
    (Pollaczek-Khinchine)."""
    load = arrivals_per_s * service_s
    return load * service_s / (2 * (1 - load)) if load < 1 else math.inf
