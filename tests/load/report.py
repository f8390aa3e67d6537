"""The printed report of a run, and the content of out/load.json."""

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from meterai.domain.waiting.queue_status import Lane
from tests.load.figures import SHARES, Run, most_in, quantiles
from tests.load.people import Habit
from tests.load.recorder import Sample
from tests.load.runner import Result
from tests.load.saturation import saturation
from tests.load.system import BATCH, INSTANCES
from tests.load.timeline import End
from tests.load.ways import show_ways, written_ways

MAX_SHOWN = 20


def show(result: Result, seconds: float) -> list[str]:
    """Print the results. The violations of invariants."""
    run = result.run
    ends, habits = run.ends(), Counter(timeline.person.habit for timeline in run.timelines)
    print(f"\n{len(run.timelines):,} buyers in {seconds:.0f} s: ", end="")
    print(", ".join(f"{habits[habit]} {habit}" for habit in Habit))
    print(", ".join(f"{ends[end]} {end}" for end in End if ends[end]), end="; ")
    print(f"{run.paid():,} e-meterai paid: {run.stamped():,} stamped, {run.available():,} unused, ")
    print(f"{run.refunded():,} e-meterai or payments refunded")
    _show_faults(result)
    _show_throughput(result)
    show_ways(run)
    print(f"\n{'wait, s':24}{'p50':>8}{'p95':>8}{'p99':>8}")
    for lane, waits in run.waits().items():
        if waits:
            print(f"{lane.replace('_', ' '):24}" + "".join(f"{waits[s]:8.2f}" for s in SHARES))
    print(f"\n{'estimates':24}{'given':>8}{'right':>8}{'share':>8}{'> 3:1':>8}")
    for what, one in run.accuracy().items():
        if one.given:
            rate = f"{100 * one.hit_rate:.1f}%"
            print(f"{what.replace('_', ' '):24}{one.given:8}{one.right:8}{rate:>8}{one.too_wide:8}")
    print(f"{'all':24}{100 * run.hit_rate():23.1f}%")
    busy = run.recorder.busy_share()
    if busy is not None:
        print(f"\nwhile people waited outside, the stamping lane had work {busy:.0%} of the time")
    print(f"\n{saturation(run)}")
    wrong = run.wrong()
    for sentence in wrong[:MAX_SHOWN]:
        print(f"WRONG {sentence}")
    print(f"{run.lost()} lost, {run.doubled()} doubled; ", end="")
    print(f"nothing was left to do after {result.rounds} rounds of moved timers")
    return wrong


def _show_faults(result: Result) -> None:
    timelines = result.run.timelines
    crashes = ", ".join(f"{count} {name}" for name, count in sorted(result.crashes.items()))
    throttled = ", ".join(f"{count} {name}" for name, count in sorted(result.throttled.items()))
    again = sum(timeline.found_again for timeline in timelines)
    refused = ", ".join(f"{count} {code}" for code, count in result.attack.refused.most_common())
    print(f"the attacker got {result.attack.orders} unpaid orders; refused: {refused or 'none'}")
    early = sum(timeline.polls_refused for timeline in timelines)
    print(f"killed: {crashes or 'none'}; throttled: {throttled or 'nothing'}")
    print(f"{early} early polls refused (429); {again} found again after the tab was closed")


def _show_throughput(result: Result) -> None:
    run = result.run
    answers = sum((timeline.answers for timeline in run.timelines), Counter[int]())
    stamps = _stamps_done(result)
    span_s = max(stamps) - run.began_s if stamps else 1.0
    by_status = ", ".join(
        f"{count:,} x {status or 'none'}" for status, count in sorted(answers.items())
    )
    print(
        f"{sum(answers.values()):,} requests, {sum(answers.values()) / span_s:.0f}/s: {by_status}"
    )
    spent = run.recorder.spent_s()
    each = ", ".join(f"{name} {1000 * s / len(run.timelines):.0f}" for name, s in spent.items())
    print(
        f"{1000 * sum(spent.values()) / len(run.timelines):.0f} ms of a processor a buyer: {each}"
    )
    print(f"{len(stamps) / span_s:.1f} stamps/s, {most_in(stamps, 10.0):.1f}/s in the best 10 s")


def _stamps_done(result: Result) -> list[float]:
    return [
        batch.done_at_s
        for batch in result.run.handled
        if batch.function == "StampFunction"
        for _ in range(len(batch.bodies) - batch.failed)
    ]


def write(result: Result, path: Path, *, seed: int) -> None:
    run = result.run
    accuracy = run.accuracy()
    written: dict[str, Any] = {
        "seed": seed,
        "buyers": len(run.timelines),
        "ends": {str(end): count for end, count in run.ends().items()},
        "paid": run.paid(),
        "stamped": run.stamped(),
        "refunded": run.refunded(),
        "available": run.available(),
        "lost": run.lost(),
        "doubled": run.doubled(),
        "wrong": run.wrong()[:MAX_SHOWN],
        "estimate_hit_rate": round(run.hit_rate(), 4),
        "estimates": {
            what: {
                "given": one.given,
                "right": one.right,
                "hit_rate": round(one.hit_rate, 4),
                "too_wide": one.too_wide,
            }
            for what, one in accuracy.items()
        },
        # When the estimate was given, its bounds, and how long it took, in seconds.
        "admissions_s": [
            [
                round(estimate.at_s - run.began_s),
                estimate.low_s,
                estimate.high_s,
                round(admitted_s - estimate.at_s),
            ]
            for estimate, admitted_s in run.admissions()
        ],
        "waits_s": run.waits(),
        "ways": written_ways(run),
        "stamps_per_s": most_in(_stamps_done(result), 10.0),
        "killed": dict(result.crashes),
        "lane_busy_share_while_people_wait": run.recorder.busy_share(),
        "throttled": dict(result.throttled),
        "saturation": saturation(run),
        "arrivals_s": [round(timeline.person.at_s, 2) for timeline in run.timelines],
        "depths": [
            [round(sample.at_s - run.began_s), sample.snapshot.lanes[Lane.STAMPING].waiting]
            for sample in run.recorder.samples
            if sample.snapshot
        ],
        "pace": [_pace_of(sample, run) for sample in run.recorder.samples if sample.snapshot],
        "stamping": lane_of(result, "StampFunction"),
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def _pace_of(sample: Sample, run: Run) -> dict[str, Any]:
    """What the admission believed at that second."""
    admission = sample.snapshot.admission if sample.snapshot else None
    believed = {"at_s": round(sample.at_s - run.began_s)}
    if admission is None or admission.pace is None:
        return believed
    pace = asdict(admission.pace)
    return believed | {
        "capacity_per_s": round(admission.capacity_per_s, 2),
        "ordered": admission.demand.ordered[-1].arrived,
        "asked": admission.demand.asked[-1].arrived,
        "lag_p50_s": round(admission.demand.lag_p50_s, 1),
        **{name: round(value, 2) for name, value in pace.items()},
    }


def lane_of(result: Result, function: str) -> dict[str, Any]:
    """As `tests/capacity/load_run.py` reads it: only first deliveries."""
    run = result.run
    batches = [batch for batch in run.handled if batch.function == function]
    sent_s = [
        round(sent_s - run.began_s, 3)
        for batch in batches
        for sent_s, receives in zip(batch.sent_at_s, batch.receives, strict=True)
        if receives == 1
    ]
    return {
        "sent_s": sorted(sent_s),
        "took_s": [round(b.done_at_s - b.taken_at_s, 4) for b in batches],
        "workers": INSTANCES[function],
        "batch": BATCH,
        "waits_s": quantiles(run.dwells(function)),
    }
