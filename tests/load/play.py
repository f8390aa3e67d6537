"""One run: the stage is set, people come, accidents happen, everybody goes home, time passes."""

import os
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from meterai.aws.load.load_metrics import DynamoLoadMetrics
from meterai.domain.waiting.queue_status import LoadSnapshot
from tests.load.buyer import Town
from tests.load.drain import let_time_pass, settle
from tests.load.fault_injector import Accidents
from tests.load.figures import Run
from tests.load.letters import letters
from tests.load.load_generator import crowd
from tests.load.people import people
from tests.load.processors import Groups, child_with
from tests.load.record import Record
from tests.load.stage import Stage, stage

STAYS_S = 180.0  # how long people who came last may still wait
RUNS_EMPTY_S = 120.0


@dataclass(frozen=True, slots=True)
class Played:
    run: Run
    crashes: Mapping[str, int]
    refused: Mapping[str, int]
    rounds: int  # of the clock, until nothing was left to do


def play(
    ministack_python: Path,
    *,
    buyers: int,
    seconds: float,
    seed: int,
    logs: Path,
    stays_s: float = STAYS_S,
    kms_s: float,
) -> Played:
    """Bounded: `seconds` for people to come, `stays_s` for them to wait, and what the aftermath
    needs, which waits for no clock. `kms_s`: how long a signature takes."""
    shutil.rmtree(logs, ignore_errors=True)
    with stage(ministack_python, logs) as office:
        account = office.place.account
        who = people(buyers, seconds, seed)
        tokens = [account.token("ApplicantClient", username=one.username) for one in who]
        office.begin()
        began_s = time.time()
        town = Town(
            account.api_url, office.place.gateway.url, letters(), began_s + seconds + stays_s
        )
        with crowd(who, tokens, town) as comers:
            groups = Groups(os.getpid(), child_with("tests.local.fair_ministack"), comers.pid)
            record = Record(_snapshots(office), groups.spent_s)
            accidents = Accidents(office, seconds, kms_s, seed)
            with record, accidents:
                stories = comers.stories()
                # As fast as until then: what they were told when they went home shall be judged.
                settle(office, RUNS_EMPTY_S)
        state, rounds = let_time_pass(office)
        run = Run(stories, list(office.handled), state, record, began_s)
        return Played(run, accidents.crashes, accidents.refused, rounds)


def _snapshots(office: Stage) -> Callable[[], LoadSnapshot | None]:
    account = office.place.account
    return DynamoLoadMetrics(
        account.client("dynamodb"), account.physical("LoadStatusTable")
    ).snapshot
