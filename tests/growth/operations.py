"""What every operation asks of AWS while the office holds so much: one buyer of two, his refund,
the waiting room, the books of somebody else, and what the schedules start.

The buyer is the large customer of the stock. What is done changes nothing for the next time.
"""

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from meterai.domain.admission import SETTLED as PLACES_SETTLED
from meterai.domain.measuring import SETTLED
from tests.benchmarks.metered_office import MeteredOffice
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
    together,
)
from tests.growth.stock import Stock
from tests.metering import Usage

A_MOMENT_S = 0.1
PER_STAMP = "per_stamp_all_in"


def operations(office: MeteredOffice, stock: Stock) -> Used:
    """Each once, warm, by its name."""
    office.run("sweep")  # of what the times before have left, nothing is due from now on
    _forget_what_was_sent(office)
    office.run("measure")
    measured_at = time.monotonic()
    sell_and_stamp(office)
    order, used = sell_and_stamp(office)
    used |= read(office, order) | give_back(office, order)
    used["read_books"] = _usage(office, lambda: _books(office, stock))
    used["feed_bulk"] = _feed_bulk(office)
    used["sweep, nothing due"] = _usage(office, lambda: _sweep(office, 0))
    stock.lose()
    used["sweep, three due"] = _usage(office, lambda: _sweep(office, 3))
    _forget_what_was_sent(office)
    # What was told by then has settled.
    _wait_until(measured_at + SETTLED.total_seconds())
    used["measure, a second"] = _usage(office, lambda: _measure(office))
    return used | _pausing(office, stock)


def per_stamp(used: Used) -> Usage:
    """All in, of the BUYER_OF stamps of one sale together; divide."""
    buying = [used[function] for function in BUYING]
    return together([*buying, *(BUYER_OF * [used[function] for function in STAMPING])])


def _pausing(office: MeteredOffice, stock: Stock) -> Used:
    """Buying is paused, somebody takes a place, and buying resumes."""
    from meterai.services import office as desk

    open_now = desk.gauges.snapshot()
    if open_now is None or open_now.admission is None:
        raise RuntimeError("measure left no snapshot")
    now = datetime.now(UTC)
    paused = replace(open_now.admission, is_open=False, level=0, changed_at=now, over=now)
    desk.gauges.put_snapshot(replace(open_now, at=now, admission=paused))
    office.look_at_the_snapshot()
    used: Used = {}
    account = f"who comes at {stock.serials}"
    place, used["take_place"] = office.measured(
        lambda: office.request("take_place", "POST", "/v1/places", {}, account=account)
    )
    address = f"/v1/places/{place['ticket']}"
    used["read_place"] = _usage(
        office, lambda: office.request("read_place", "GET", address, account=account)
    )
    _wait_until(time.monotonic() + PLACES_SETTLED.total_seconds())
    used["measure, while paused"] = _usage(office, lambda: _measure(office))
    again = replace(open_now, at=datetime.now(UTC))
    desk.gauges.put_snapshot(again)
    office.look_at_the_snapshot()
    return used


def _usage(office: MeteredOffice, act: Callable[[], Any]) -> Usage:
    return office.measured(act)[1]


def _books(office: MeteredOffice, stock: Stock) -> None:
    account = stock.applicant_of(stock.cycles // 2)
    answer = office.request("read_books", "GET", "/v1/books", account=account)
    _expect("an applicant's orders", len(answer["books"]["orders"]), 1)
    _expect("balanced", answer["balanced"], wanted=True)


def _feed_bulk(office: MeteredOffice) -> Usage:
    """One stamping of a bulk customer is handed on, and then stamped."""
    order, _ = sell(office)
    ask_for_stamp(office, order, bulk=True)
    fed, used = office.measured(lambda: office.run("feed_bulk"))
    _expect("handed on", fed["handed_on"], 1)
    office.work("stamp", "StampingQueueUrl")
    return used


def _sweep(office: MeteredOffice, due: int) -> None:
    _expect("looked at", office.run("sweep")["looked"], due)


def _measure(office: MeteredOffice) -> None:
    _expect("measured", office.run("measure")["measured"], 1)


def _expect(what: str, was: object, wanted: object) -> None:
    if was != wanted:
        raise RuntimeError(f"{what}: {was}, and should be {wanted}: what is measured is not alike")


def _forget_what_was_sent(office: MeteredOffice) -> None:
    """The gateway knows no such money as that of the orders which were lost."""
    for queue in ("PaymentsQueueUrl", "StampingQueueUrl", "RefundsQueueUrl"):
        office.clients("sqs").purge_queue(QueueUrl=office.outputs[queue])


def _wait_until(at_s: float) -> None:
    time.sleep(max(0.0, at_s + A_MOMENT_S - time.monotonic()))
