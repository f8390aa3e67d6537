"""A random world: the real steps over in-memory ports, and everything that may happen to them.

A seed is a world, always the same. `python -m tests.faults.random_scenario --seed N` plays it
again and says what happened in it.
"""

import argparse
import hashlib
import logging
import random
import sys
from collections import Counter
from dataclasses import dataclass

from meterai.domain.stamping.augmentation import SignatureLevel
from tests.faults.actions import Acts
from tests.faults.harness import Town
from tests.faults.random_fault_plan import Weather
from tests.unit.steps.message_pump import Crash

# How often each is chosen.
ERRANDS = {"buy": 4, "request": 5, "pay": 6, "ask_for_money_back": 5, "deliver": 6, "sweep": 3}
TROUBLES = {
    "pay_a_wrong_amount": 1,
    "pay_in_another_currency": 1,
    "pay_late": 2,
    "cancel": 1,
    "take_money_back": 1,
    "pay_again": 1,
    "give_an_account": 6,
    "a_payout_arrives": 4,
    "a_payout_bounces": 4,
    "timestamp_servers_come_and_go": 1,
    "tell_again": 2,
    "change_an_uploaded_file": 1,
    "confirm_a_refund": 2,
    "the_bank_changes_its_mind": 1,
    "a_deadline_is_told": 3,
    "the_clock_jumps": 6,
    "indexes_lag": 1,
    "somebody_is_away": 2,
    "stamping_stops_or_goes_on": 1,
    "deliver_out_of_turn": 3,
    "deliver_and_keep": 3,
    "lose": 1,
}
BAG = [name for name, times in {**ERRANDS, **TROUBLES}.items() for _ in range(times)]
BADNESS = [0, 10, 50, 150]  # of 1,000 moments


@dataclass(frozen=True, slots=True)
class Played:
    """`acts`: what was tried. `happened`: the acts that had something to do, and the accidents.
    `digest` is of all that was called, in order."""

    seed: int
    acts: tuple[str, ...]
    happened: Counter[str]
    wrong: tuple[str, ...]
    digest: str

    @property
    def replay(self) -> str:
        return f"python -m tests.faults.random_scenario --seed {self.seed}"


def play(seed: int) -> Played:
    chance = random.Random(seed)
    weather = Weather(chance, chance.choice(BADNESS))
    acts = Acts(Town(weather), chance)
    acts.app.level = chance.choice(list(SignatureLevel))
    names = ["buy", *(chance.choice(BAG) for _ in range(chance.randrange(10, 60)))]
    wrong = run(acts, names)
    accidents = acts.town.accidents
    calls = "\n".join(accidents.calls)
    return Played(
        seed,
        tuple(names),
        acts.happened + Counter({str(kind): n for kind, n in accidents.happened.items()}),
        tuple(wrong),
        hashlib.sha256(calls.encode()).hexdigest()[:16],
    )


def run(acts: Acts, names: list[str]) -> list[str]:
    try:
        for name in names:
            acts.happened[name] += getattr(acts, name)()
        return acts.settle_down()
    except (Exception, Crash) as error:  # noqa: BLE001 (a world's end is a finding too)
        return [*acts.town.watch.findings, f"{type(error).__name__}: {error}"]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    logging.disable(logging.ERROR)
    played = play(parser.parse_args().seed)
    print(f"seed {played.seed}, digest {played.digest}: {', '.join(played.acts)}")
    print(", ".join(f"{name} {count}" for name, count in sorted(played.happened.items())))
    for one in played.wrong:
        print(f"wrong: {one}")
    return bool(played.wrong)


if __name__ == "__main__":
    sys.exit(main())
