"""The AWS calls of every operation: one buyer of two, their refund, the waiting room, the ledger of
another account, and the scheduled functions.

The buyer is the dataset's large customer. Running the operations once does not change the counts of
the next time.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from meterai.domain.waiting.admission_control import TICKETS_SETTLED
from meterai.domain.waiting.throughput_estimator import SETTLED
from tests.benchmarks.metered_app import MeteredApp
from tests.benchmarks.sale import (
    BUYER_OF,
    BUYING,
    STAMPING,
    Used,
    pass_an_hour,
    read,
    refund_one,
    request_stamp,
    sell,
    sell_and_stamp,
    total,
)
from tests.growth.dataset import Dataset
from tests.metering import Usage

A_MOMENT_S = 0.1
PER_STAMP = "per_stamp_all_in"


def operations(app: MeteredApp, dataset: Dataset) -> Used:
    """The usage of each operation, run once and warm, by name."""
    app.run("sweep")  # moves the timers that earlier sizes have left, so that nothing is due now
    _purge_queues(app)
    app.run("publish_load_snapshot")
    measured_at = time.monotonic()
    refund_one(app, sell_and_stamp(app)[0])  # what an instance reads only once
    pass_an_hour()
    order, used = sell_and_stamp(app)
    used |= read(app, order) | refund_one(app, order)
    used["read_ledger"] = _usage(app, lambda: _ledger(app, dataset))
    used["release_bulk"] = _release_bulk(app)
    used["sweep, nothing due"] = _usage(app, lambda: _sweep(app, 0))
    dataset.add_overdue()
    used["sweep, three due"] = _usage(app, lambda: _sweep(app, 3))
    _purge_queues(app)
    # Reports up to then have settled.
    _wait_until(measured_at + SETTLED.total_seconds())
    used["publish_load_snapshot, a second"] = _second(app)
    return used | _pausing(app, dataset)


def per_stamp(used: Used) -> Usage:
    """The usage of one sale and its BUYER_OF stamps together. The caller divides."""
    buying = [used[function] for function in BUYING]
    return total([*buying, *(BUYER_OF * [used[function] for function in STAMPING])])


def _pausing(app: MeteredApp, dataset: Dataset) -> Used:
    """Buying is paused, an account joins the waiting room, and buying resumes."""
    from meterai.container import container

    open_now = container.load_metrics.snapshot()
    if open_now is None or open_now.admission is None:
        raise RuntimeError("publish_load_snapshot stored no snapshot")
    now = datetime.now(UTC)
    paused = replace(open_now.admission, is_open=False, changed_at=now, over=now)
    container.load_metrics.put_snapshot(replace(open_now, at=now, admission=paused))
    app.read_snapshot()
    used: Used = {}
    account = f"newcomer-at-{dataset.serials}"
    ticket, used["join_waiting_room"] = app.measured(
        lambda: app.request(
            "join_waiting_room", "POST", "/v1/waiting-room/tickets", {}, account=account
        )
    )
    address = f"/v1/waiting-room/tickets/{ticket['ticket']}"
    used["read_ticket"] = _usage(
        app, lambda: app.request("read_ticket", "GET", address, account=account)
    )
    _wait_until(time.monotonic() + TICKETS_SETTLED.total_seconds())
    used["publish_load_snapshot, while paused"] = _second(app)
    again = replace(open_now, at=datetime.now(UTC))
    container.load_metrics.put_snapshot(again)
    app.read_snapshot()
    return used


def _usage(app: MeteredApp, act: Callable[[], Any]) -> Usage:
    return app.measured(act)[1]


def _ledger(app: MeteredApp, dataset: Dataset) -> None:
    account = dataset.applicant_of(dataset.cycles // 2)
    answer = app.request("read_ledger", "GET", "/v1/ledger", account=account)
    _expect("an applicant's orders", len(answer["ledger"]["orders"]), 1)
    _expect("balanced", answer["balanced"], wanted=True)


def _release_bulk(app: MeteredApp) -> Usage:
    """One stamping of a bulk customer is released to its lane, and then stamped."""
    order, _ = sell(app)
    request_stamp(app, order, bulk=True)
    released, used = app.measured(lambda: app.run("release_bulk"))
    _expect("released", released["handed_on"], 1)
    app.work("stamp", "StampingQueueUrl")
    return used


def _sweep(app: MeteredApp, due: int) -> None:
    _expect("checked", app.run("sweep")["checked"], due)


def _second(app: MeteredApp) -> Usage:
    """Without the certificate, which is read once in ten seconds and may be due in any of them."""
    used = _usage(app, lambda: _publish(app))
    used.requests -= used.calls.pop("s3.GetObject", 0)
    return used


def _publish(app: MeteredApp) -> None:
    _expect("measured", app.run("publish_load_snapshot")["measured"], 1)


def _expect(what: str, was: object, wanted: object) -> None:
    if was != wanted:
        raise RuntimeError(f"{what}: {was} instead of {wanted}, so the sizes cannot be compared")


def _purge_queues(app: MeteredApp) -> None:
    """The gateway has no payments for the overdue orders: their messages would fail."""
    for queue in ("PaymentsQueueUrl", "StampingQueueUrl", "RefundsQueueUrl"):
        app.clients("sqs").purge_queue(QueueUrl=app.outputs[queue])


def _wait_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s + A_MOMENT_S - time.monotonic()))
