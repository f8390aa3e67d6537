"""Tasks that run once at a time: Lambda may start two runs, by a late retry or a slow end."""

from datetime import timedelta
from typing import Any

import pytest

from tests.unit.functions.function_app import Context, FunctionApp, sample

TASKS: dict[str, dict[str, Any]] = {
    "release_bulk": {"handed_on": 0},
    "renew_receipt_key": {"made": 0},
    "reconcile": {"compared": 0},
    "rotate_token_key": {"key_ids": []},
}


@pytest.mark.parametrize(("task", "nothing"), TASKS.items(), ids=TASKS)
def test_a_run_does_nothing_while_another_is_at_it(
    task: str, nothing: dict[str, Any], memory_app: FunctionApp
) -> None:
    now = memory_app.state.now
    leases = memory_app.ports.leases
    leases.take(task, "another run", now, now + timedelta(minutes=1))
    memory_app.state.hook = no_call_but_of_the_lease
    assert memory_app.invoke(task, sample(task)) == nothing
    assert memory_app.state.leases[task][0] == "another run"


def no_call_but_of_the_lease(_: str, call: str) -> None:
    assert call.startswith("Leases."), call


@pytest.mark.parametrize("task", TASKS)
def test_a_run_that_failed_gives_its_lease_back(task: str, memory_app: FunctionApp) -> None:
    def fail(moment: str, call: str) -> None:
        if not call.startswith("Leases."):
            raise RuntimeError(f"{moment} {call}")

    memory_app.state.hook = fail
    with pytest.raises(RuntimeError):
        memory_app.invoke(task, sample(task))
    assert memory_app.state.leases == {}


@pytest.mark.parametrize("task", TASKS)
def test_a_run_that_was_killed_is_followed_once_its_time_is_over(
    task: str, memory_app: FunctionApp
) -> None:
    seen = []

    def note(moment: str, call: str) -> None:
        if moment == "after" and call == "Leases.take":
            seen.append(memory_app.state.leases[task][1] - memory_app.state.now)

    memory_app.state.hook = note
    memory_app.invoke(task, sample(task))
    left = timedelta(milliseconds=Context().get_remaining_time_in_millis())
    assert seen == [left + timedelta(seconds=5)]
