"""One run: start the system, run the buyers with faults, drain, and collect what was recorded."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from meterai.aws.load.load_metrics import DynamoLoadMetrics
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from tests.load.attacker import USERNAME, Attack
from tests.load.buyer import Targets
from tests.load.documents import documents
from tests.load.drain import drain, settle
from tests.load.fault_injector import FaultInjector
from tests.load.figures import Run
from tests.load.load_generator import load_generator
from tests.load.people import Way, people
from tests.load.processors import Groups, child_with
from tests.load.recorder import Recorder
from tests.load.system import System, running_system
from tests.tools.progress import Progress

MAX_STAY_S = 180.0  # how long the last buyers may still wait
MAX_SETTLE_S = 120.0


@dataclass(frozen=True, slots=True)
class Result:
    run: Run
    attack: Attack
    crashes: Mapping[str, int]
    throttled: Mapping[str, int]
    rounds: int  # of moved timers, until nothing was left to do


def run_load(
    ministack_python: Path,
    *,
    buyers: int,
    seconds: float,
    seed: int,
    logs: Path,
    kms_s: float,
    attacked: bool = True,
    enough: Mapping[Way, int] | None = None,
) -> Result:
    """Buyers arrive for `seconds` and then wait for a while, or until `enough` of each way have
    their stamp.
    The drain waits for no timer. `kms_s`: how long a signature takes."""
    shutil.rmtree(logs, ignore_errors=True)
    with running_system(ministack_python, logs) as system:
        account = system.environment.account
        who = people(buyers, seconds, seed)
        attackers_token = account.token("ApplicantClient", username=USERNAME) if attacked else None
        tokens = {
            one.number: account.token("ApplicantClient", username=one.username)
            for one in who
            if one.way is Way.API
        }
        system.start_schedules()
        began_s = time.time()
        until_s = began_s + seconds + MAX_STAY_S
        gateway_url = system.environment.gateway.url
        targets = Targets(account.api_url, gateway_url, documents(), until_s, enough)
        with load_generator(who, tokens, attackers_token, targets) as generator:
            groups = Groups(os.getpid(), child_with("tests.local.fair_ministack"), generator.pid)
            recorder = Recorder(_snapshots(system), groups.spent_s)
            faults = FaultInjector(system, seconds, kms_s, seed)

            def update(progress: Progress) -> None:
                progress.done = sum(began_s + one.at_s <= time.time() for one in who)
                progress.note = recorder.status()

            with recorder, faults, Progress("load", buyers, "buyers", poll=update):
                timelines, attack = generator.results()
                # Nothing is accelerated yet: the last estimates are compared with real waits.
                settle(system, MAX_SETTLE_S)
        state, rounds = drain(system)
        run = Run(timelines, list(system.handled), state, recorder, began_s)
        return Result(run, attack, faults.crashes, faults.throttled, rounds)


def _snapshots(system: System) -> Callable[[], LoadSnapshot | None]:
    account = system.environment.account
    return DynamoLoadMetrics(
        account.client("dynamodb"), account.physical("LoadStatusTable")
    ).snapshot
