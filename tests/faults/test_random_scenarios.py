"""Random scenarios: a few hundred seeds here, ten thousand in `make faults`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.random_scenario import run_scenario
from tests.faults.seeded_bugs import SEEDED_BUGS

ROOT = Path(__file__).parents[2]
SEEDS = 240
SHARES = 4
MAX_SEEDS_TO_CATCH = 400
# In random scenarios buying is never paused, no receipt is requested, nobody buys through a draft,
# and every webhook is repeated or reconciled in the end. The other bugs are merely rare.
TOO_RARE_AT_RANDOM = {
    "derive_a_fresh_refund_id",
    "void_without_checking_the_output",
    "expire_without_asking_the_gateway",
    "list_what_was_made_not_what_is_stored",
    "refund_by_the_first_charge",
    "pay_out_under_a_fresh_key",
    "accept_a_ticket_for_any_order",
    "accept_what_is_not_paid",
    "use_a_key_before_it_is_certified",
    "forget_to_give_the_order_up",
    "name_stampings_and_request_none",
}


@pytest.mark.parametrize("share", range(SHARES))
def test_a_random_scenario_breaks_no_invariant(share: int) -> None:
    result = [run_scenario(seed) for seed in range(share, SEEDS, SHARES)]
    assert {one.replay: one.wrong for one in result if one.wrong} == {}


@pytest.mark.parametrize("broken", sorted(SEEDED_BUGS.keys() - TOO_RARE_AT_RANDOM))
def test_a_seeded_bug_is_found_by_some_random_scenario(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug = SEEDED_BUGS[broken]
    monkeypatch.setattr(bug.target, bug.broken)
    found = (wrong for seed in range(MAX_SEEDS_TO_CATCH) for wrong in run_scenario(seed).wrong)
    assert any(wrong.startswith(f"{bug.rule}: ") for wrong in found)


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_the_replay_command_runs_the_same_scenario(hash_seed: str) -> None:
    """In another process, whose sets have another order."""
    result = run_scenario(17)
    replayed = subprocess.run(
        [sys.executable, *result.replay.split()[1:]],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        check=True,
        text=True,
    )
    assert replayed.stdout.startswith(f"seed 17, digest {result.digest}:")
