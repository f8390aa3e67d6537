"""What is printed of a run, and what is kept of it in out/load.json."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from meterai.domain.waiting.queue_status import Lane
from tests.load.figures import SHARES, most_in, quantiles
from tests.load.people import Habit
from tests.load.play import Played
from tests.load.saturation import saturation
from tests.load.stage import BATCH, INSTANCES
from tests.load.timeline import End

MAX_SENT = 20_000
MAX_SHOWN = 20


def show(played: Played, seconds: float) -> list[str]:
    """Print it; answers what is wrong."""
    run = played.run
    ends, habits = run.ends(), Counter(story.person.habit for story in run.stories)
    print(f"\n{len(run.stories):,} buyers in {seconds:.0f} s: ", end="")
    print(", ".join(f"{habits[habit]} {habit}" for habit in Habit))
    print(", ".join(f"{ends[end]} {end}" for end in End if ends[end]), end="; ")
    print(f"{run.paid():,} e-meterai paid: {run.stamped():,} stamped, {run.available():,} unused, ")
    print(f"{run.refunded():,} e-meterai or payments given back")
    _show_accidents(played)
    _show_throughput(played)
    print(f"\n{'wait, s':24}{'p50':>8}{'p95':>8}{'p99':>8}")
    for lane, waits in run.waits().items():
        if waits:
            print(f"{lane.replace('_', ' '):24}" + "".join(f"{waits[s]:8.2f}" for s in SHARES))
    print(f"\n{'estimates':24}{'told':>8}{'right':>8}{'share':>8}{'> 3:1':>8}")
    for what, one in run.accuracy().items():
        if one.told:
            rate = f"{100 * one.hit_rate:.1f}%"
            print(f"{what.replace('_', ' '):24}{one.told:8}{one.right:8}{rate:>8}{one.too_wide:8}")
    print(f"{'all':24}{100 * run.hit_rate():23.1f}%")
    print(f"\n{saturation(run)}")
    wrong = run.wrong()
    for sentence in wrong[:MAX_SHOWN]:
        print(f"WRONG {sentence}")
    print(f"{run.lost()} lost, {run.doubled()} doubled; ", end="")
    print(f"nothing was left to do after {played.rounds} rounds of the clock")
    return wrong


def _show_accidents(played: Played) -> None:
    stories = played.run.stories
    crashes = ", ".join(f"{count} {name}" for name, count in sorted(played.crashes.items()))
    refused = ", ".join(f"{count} {name}" for name, count in sorted(played.refused.items()))
    again = sum(story.found_again for story in stories)
    early = sum(story.polls_refused for story in stories)
    print(f"killed: {crashes or 'nobody'}; throttled: {refused or 'nothing'}")
    print(f"{early} early looks refused (429); {again} found again after the tab was closed")


def _show_throughput(played: Played) -> None:
    run = played.run
    answers = sum((story.answers for story in run.stories), Counter[int]())
    stamps = _stamps_done(played)
    span_s = max(stamps) - run.began_s if stamps else 1.0
    told = ", ".join(f"{count:,} x {status or 'none'}" for status, count in sorted(answers.items()))
    print(f"{sum(answers.values()):,} requests, {sum(answers.values()) / span_s:.0f}/s: {told}")
    spent = run.record.spent_s()
    each = ", ".join(f"{name} {1000 * s / len(run.stories):.0f}" for name, s in spent.items())
    print(f"{1000 * sum(spent.values()) / len(run.stories):.0f} ms of a processor a buyer: {each}")
    print(f"{len(stamps) / span_s:.1f} stamps/s, {most_in(stamps, 10.0):.1f}/s in the best 10 s")


def _stamps_done(played: Played) -> list[float]:
    return [
        batch.done_at_s
        for batch in played.run.handled
        if batch.function == "StampFunction"
        for _ in range(len(batch.bodies) - batch.failed)
    ]


def keep(played: Played, path: Path, *, seed: int) -> None:
    run = played.run
    accuracy = run.accuracy()
    kept: dict[str, Any] = {
        "seed": seed,
        "buyers": len(run.stories),
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
                "told": one.told,
                "right": one.right,
                "hit_rate": round(one.hit_rate, 4),
                "too_wide": one.too_wide,
            }
            for what, one in accuracy.items()
        },
        "waits_s": run.waits(),
        "stamps_per_s": most_in(_stamps_done(played), 10.0),
        "killed": dict(played.crashes),
        "throttled": dict(played.refused),
        "saturation": saturation(run),
        "arrivals_s": [round(story.person.at_s, 2) for story in run.stories],
        "depths": [
            [round(second.at_s - run.began_s), second.snapshot.lanes[Lane.STAMPING].waiting]
            for second in run.record.seconds
            if second.snapshot
        ],
        "stamping": lane_of(played, "StampFunction"),
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


def lane_of(played: Played, function: str) -> dict[str, Any]:
    """As `tests/capacity/load_run.py` reads it: first deliveries alone."""
    run = played.run
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
