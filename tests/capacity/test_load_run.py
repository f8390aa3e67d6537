"""The load run is compared if there is one; otherwise a sentence says how to get it."""

import json
import random
from pathlib import Path

import pytest

from tests.capacity.load_run import Comparison, compare


def test_without_a_load_run_a_sentence_says_how_to_get_one(tmp_path: Path) -> None:
    assert "make load" in str(compare(tmp_path / "load.json"))


def test_a_load_run_of_another_shape_is_named(tmp_path: Path) -> None:
    path = tmp_path / "load.json"
    path.write_text(json.dumps({"buyers": 10}))
    assert "lacks" in str(compare(path))


def test_the_waits_of_a_load_run_are_simulated_from_its_arrivals_and_times(tmp_path: Path) -> None:
    """By hand: 100 messages at once, ten workers, one second each."""
    path = tmp_path / "load.json"
    waits = {"p50": 4.0, "p99": 9.0}
    lane = {"sent_s": [0.0] * 100, "took_s": [1.0], "workers": 10, "batch": 1, "waits_s": waits}
    path.write_text(json.dumps({"stamping": lane}))
    compared = compare(path)
    assert isinstance(compared, Comparison)
    assert compared.simulated_s == pytest.approx(waits, rel=0.05)


def test_a_replay_draws_from_the_times_that_were_measured(tmp_path: Path) -> None:
    chance = random.Random(1)
    took_s = [chance.uniform(0.5, 1.5) for _ in range(200)]
    lane = {"sent_s": list(range(100)), "took_s": took_s, "workers": 1, "batch": 1}
    path = tmp_path / "load.json"
    path.write_text(json.dumps({"stamping": {**lane, "waits_s": {"p50": 0}}}))
    compared = compare(path)
    assert isinstance(compared, Comparison)
    assert compared.simulated_s["p50"] > 0
