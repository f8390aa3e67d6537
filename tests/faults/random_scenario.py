"""A random scenario: the real steps over in-memory ports, and every action and fault on them.

A seed always makes the same scenario. `python -m tests.faults.random_scenario --seed N` replays it
and prints what happened.
"""

import argparse
import hashlib
import logging
import random
import sys
from collections import Counter
from dataclasses import dataclass

from meterai.domain.stamping.augmentation import SignatureLevel
from tests.faults.actions import Actions
from tests.faults.harness import Harness
from tests.faults.random_fault_plan import RandomFaultPlan
from tests.unit.steps.message_pump import Crash

# The weight of each in the draw.
ORDINARY_ACTIONS = {"buy": 4, "request": 5, "pay": 6, "request_refund": 5, "deliver": 6, "sweep": 3}
UNUSUAL_ACTIONS = {
    "pay_a_wrong_amount": 1,
    "pay_in_another_currency": 1,
    "pay_late": 2,
    "cancel": 1,
    "reverse_a_payment": 1,
    "pay_again": 1,
    "name_an_account": 6,
    "a_payout_arrives": 4,
    "a_payout_bounces": 4,
    "timestamp_servers_come_and_go": 1,
    "repeat_a_webhook": 2,
    "change_an_uploaded_file": 1,
    "confirm_a_refund": 2,
    "the_bank_answers_otherwise": 1,
    "a_deadline_becomes_known": 3,
    "time_passes": 6,
    "indexes_lag": 1,
    "a_party_is_unavailable": 2,
    "stamping_stops_or_resumes": 1,
    "deliver_out_of_turn": 3,
    "deliver_twice": 3,
    "lose": 1,
}
WEIGHTED_ACTIONS = [
    name for name, times in {**ORDINARY_ACTIONS, **UNUSUAL_ACTIONS}.items() for _ in range(times)
]
FAULTS_PER_1000 = [0, 10, 50, 150]


@dataclass(frozen=True, slots=True)
class ScenarioRun:
    """`actions`: the tried ones. `happened`: actions that did anything, and the faults.
    `digest`: of all port calls, in order."""

    seed: int
    actions: tuple[str, ...]
    happened: Counter[str]
    wrong: tuple[str, ...]
    digest: str

    @property
    def replay(self) -> str:
        return f"python -m tests.faults.random_scenario --seed {self.seed}"


def run_scenario(seed: int) -> ScenarioRun:
    chance = random.Random(seed)
    fault_plan = RandomFaultPlan(chance, chance.choice(FAULTS_PER_1000))
    actions = Actions(Harness(fault_plan), chance)
    actions.app.ports.signature_level = chance.choice(list(SignatureLevel))
    names = ["buy", *(chance.choice(WEIGHTED_ACTIONS) for _ in range(chance.randrange(10, 60)))]
    wrong = run(actions, names)
    injector = actions.harness.injector
    calls = "\n".join(injector.calls)
    return ScenarioRun(
        seed,
        tuple(names),
        actions.happened + Counter({str(kind): n for kind, n in injector.happened.items()}),
        tuple(wrong),
        hashlib.sha256(calls.encode()).hexdigest()[:16],
    )


def run(actions: Actions, names: list[str]) -> list[str]:
    try:
        for name in names:
            actions.happened[name] += getattr(actions, name)()
        return actions.finish()
    except (Exception, Crash) as error:  # noqa: BLE001 (an unforeseen error is a finding)
        return [*actions.harness.monitor.findings, f"{type(error).__name__}: {error}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    logging.disable(logging.ERROR)
    result = run_scenario(parser.parse_args().seed)
    print(f"seed {result.seed}, digest {result.digest}: {', '.join(result.actions)}")
    print(", ".join(f"{name} {count}" for name, count in sorted(result.happened.items())))
    for one in result.wrong:
        print(f"wrong: {one}")
    return bool(result.wrong)


if __name__ == "__main__":
    sys.exit(main())
