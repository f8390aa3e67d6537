"""How buyers were served, for everybody: a page, and its figures for programs."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from meterai.container import Container
from meterai.domain.reconciliation.day_reports import last_ready_day
from meterai.domain.reconciliation.performance import (
    SHOWN_DAYS,
    WAIT_BOUNDS_S,
    Performance,
    PublicDay,
    RefundResult,
)
from meterai.languages import Language
from meterai.pages.answers import PublicContent
from meterai.pages.public_pages import performance_page

SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
BAR, GAP, HEIGHT = 8, 2, 80


@dataclass(frozen=True, slots=True)
class Row:
    """`of` None: the day's figures are not there."""

    day: date
    of: PublicDay | None


def show(ports: Container, now: datetime, language: Language) -> PublicContent:
    rows = rows_of(ports.public_days.recent(), now)
    days = [row.of for row in rows if row.of is not None]
    total = sum((one.performance for one in days), Performance())
    is_stale = bool(days) and rows[-1].of is None
    is_late = bool(total.refunds.get(RefundResult.LATE))
    shown = performance_page(
        language,
        look="note" if not days else "warn" if is_stale or is_late else "good",
        rows=rows[::-1],
        days=days,
        total=total,
        waits=_waits(total),
        wait_of={one.day: _waits(one.performance) for one in days},
        results={one.value: total.refunds.get(one, 0) for one in RefundResult},
        missing=len(rows) - len(days),
        is_stale=is_stale,
        bars=list(_bars(rows)),
        plot=(len(rows) * (BAR + GAP), HEIGHT),
        stamping_promise_s=ports.stamping_promise.total_seconds(),
        refund_promise_s=ports.refund_promises.to_source.total_seconds(),
        payout_promise_s=ports.refund_promises.to_account.total_seconds(),
        longest_s=WAIT_BOUNDS_S[-1],
    )
    headers = {**shown.headers, "Content-Language": language.value}
    return PublicContent(shown.html, "text/html; charset=utf-8", headers)


def show_data(ports: Container, now: datetime, _: Language) -> PublicContent:
    """All days that are kept, with what the page derives of them."""
    data = {
        "wait_bounds_s": [*WAIT_BOUNDS_S, None],
        "stamping_promise_s": int(ports.stamping_promise.total_seconds()),
        "refund_promise_s": int(ports.refund_promises.to_source.total_seconds()),
        "payout_promise_s": int(ports.refund_promises.to_account.total_seconds()),
        "last_ready_day": str(last_ready_day(now)),
        "days": [_data_of(one) for one in ports.public_days.recent()],
    }
    anybody = {"Access-Control-Allow-Origin": "*"}
    return PublicContent(json.dumps(data, indent=1, default=str), "application/json", anybody)


def rows_of(published: tuple[PublicDay, ...], now: datetime) -> list[Row]:
    """Each of the last thirty days since the first that was published, the oldest first: a day
    without figures has its row too."""
    if not published:
        return []
    by_day = {one.day: one for one in published}
    last = max(last_ready_day(now), published[-1].day)
    first = max(published[0].day, last - timedelta(days=SHOWN_DAYS - 1))
    days = (first + timedelta(days=age) for age in range((last - first).days + 1))
    return [Row(day, by_day.get(day)) for day in days]


def _waits(performance: Performance) -> dict[str, int | None]:
    """By percentile, in seconds. None: longer than the last bound. Empty: nobody waited."""
    if not any(performance.waits):
        return {}
    return {name: performance.wait_within_s(share) for name, share in SHARES.items()}


def _data_of(one: PublicDay) -> dict[str, Any]:
    performance = asdict(one.performance)
    return {
        "day": str(one.day),
        "is_final": one.look == 2,
        "written_at": one.written_at.isoformat(),
        **performance,
        "wait_within_s": _waits(one.performance),
        "differences": one.differences,
    }


def _bars(rows: list[Row]) -> Iterator[tuple[int, int, int]]:
    """x, y and height of each day's stamps; a day with any has a bar that can be seen."""
    most = max((row.of.performance.stamped for row in rows if row.of is not None), default=0)
    for place, row in enumerate(rows):
        stamped = 0 if row.of is None else row.of.performance.stamped
        if stamped:
            height = max(2, round(HEIGHT * stamped / most))
            yield place * (BAR + GAP), HEIGHT - height, height
