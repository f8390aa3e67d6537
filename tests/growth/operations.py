"""What every operation asks of AWS while the office holds so much: one buyer of two, his refund,
the waiting room, the books of somebody else, and what the schedules start.

The buyer is the large customer of the stock. What is done changes nothing for the next time.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from meterai.domain.waiting.admission_control import SETTLED as PLACES_SETTLED
from meterai.domain.waiting.throughput_estimator import SETTLED
from tests.benchmarks.metered_app import MeteredApp
from tests.benchmarks.sale import (
    BUYER_OF,
    BUYING,
    STAMPING,
    Used,
    ask_for_stamp,
    give_back,
    read,
    sell,
    sell_and_stamp,
    total,
)
from tests.growth.stock import Stock
from tests.metering import Usage

A_MOMENT_S = 0.1
PER_STAMP = "per_stamp_all_in"


def operations(app: MeteredApp, store: Stock) -> Used:
    """Each once, warm, by its name."""
    app.run("sweep")  # of what the times before have left, nothing is due from now on
    _forget_what_was_sent(app)
    app.run("publish_load_snapshot")
    measured_at = time.monotonic()
    sell_and_stamp(app)
    order, used = sell_and_stamp(app)
    used |= read(app, order) | give_back(app, order)
    used["read_ledger"] = _usage(app, lambda: _books(app, store))
    used["release_bulk"] = _feed_bulk(app)
    used["sweep, nothing due"] = _usage(app, lambda: _sweep(app, 0))
    store.lose()
    used["sweep, three due"] = _usage(app, lambda: _sweep(app, 3))
    _forget_what_was_sent(app)
    # What was told by then has settled.
    _wait_until(measured_at + SETTLED.total_seconds())
    used["measure, a second"] = _usage(app, lambda: _measure(app))
    return used | _pausing(app, store)


def per_stamp(used: Used) -> Usage:
    """All in, of the BUYER_OF stamps of one sale together; divide."""
    buying = [used[function] for function in BUYING]
    return total([*buying, *(BUYER_OF * [used[function] for function in STAMPING])])


def _pausing(app: MeteredApp, store: Stock) -> Used:
    """Buying is paused, somebody takes a place, and buying resumes."""
    from meterai.container import container as desk

    open_now = desk.load_metrics.snapshot()
    if open_now is None or open_now.admission is None:
        raise RuntimeError("measure left no snapshot")
    now = datetime.now(UTC)
    paused = replace(open_now.admission, is_open=False, level=0, changed_at=now, over=now)
    desk.load_metrics.put_snapshot(replace(open_now, at=now, admission=paused))
    app.read_snapshot()
    used: Used = {}
    account = f"who comes at {store.serials}"
    place, used["join_waiting_room"] = app.measured(
        lambda: app.request(
            "join_waiting_room", "POST", "/v1/waiting-room/tickets", {}, account=account
        )
    )
    address = f"/v1/waiting-room/tickets/{place['ticket']}"
    used["read_ticket"] = _usage(
        app, lambda: app.request("read_ticket", "GET", address, account=account)
    )
    _wait_until(time.monotonic() + PLACES_SETTLED.total_seconds())
    used["measure, while paused"] = _usage(app, lambda: _measure(app))
    again = replace(open_now, at=datetime.now(UTC))
    desk.load_metrics.put_snapshot(again)
    app.read_snapshot()
    return used


def _usage(app: MeteredApp, act: Callable[[], Any]) -> Usage:
    return app.measured(act)[1]


def _books(app: MeteredApp, store: Stock) -> None:
    account = store.applicant_of(store.cycles // 2)
    answer = app.request("read_ledger", "GET", "/v1/ledger", account=account)
    _expect("an applicant's orders", len(answer["books"]["orders"]), 1)
    _expect("balanced", answer["balanced"], wanted=True)


def _feed_bulk(app: MeteredApp) -> Usage:
    """One stamping of a bulk customer is handed on, and then stamped."""
    order, _ = sell(app)
    ask_for_stamp(app, order, bulk=True)
    fed, used = app.measured(lambda: app.run("release_bulk"))
    _expect("handed on", fed["handed_on"], 1)
    app.work("stamp", "StampingQueueUrl")
    return used


def _sweep(app: MeteredApp, due: int) -> None:
    _expect("looked at", app.run("sweep")["looked"], due)


def _measure(app: MeteredApp) -> None:
    _expect("measured", app.run("publish_load_snapshot")["measured"], 1)


def _expect(what: str, was: object, wanted: object) -> None:
    if was != wanted:
        raise RuntimeError(f"{what}: {was}, and should be {wanted}: what is measured is not alike")


def _forget_what_was_sent(app: MeteredApp) -> None:
    """The gateway knows no such money as that of the orders which were lost."""
    for queue in ("PaymentsQueueUrl", "StampingQueueUrl", "RefundsQueueUrl"):
        app.clients("sqs").purge_queue(QueueUrl=app.outputs[queue])


def _wait_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s + A_MOMENT_S - time.monotonic()))
