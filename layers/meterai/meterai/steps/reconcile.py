"""Reconcile: a day's money at the gateways is compared with what is recorded here, both ways.

Each row of a gateway's records names one of our orders: it is read with its payments, refunds and
e-meterai. Each of our payments that settled on the day must be in the records. What is doubtful is
checked with the gateway before it is reported as a discrepancy. On the way it counts how well the
day's buyers were served, which is published once the day is finished.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.days import beginning_of, end_of
from meterai.domain.errors import RecordsMissing
from meterai.domain.id_derivation import ChargeId, OrderId, RefundId, order_of_charge
from meterai.domain.metrics import Metric
from meterai.domain.orders.payments import ChargeStatus, WebhookEvent, gateway_of, transaction_of
from meterai.domain.reconciliation.day_reports import (
    Compared,
    DayReport,
    begun,
    days_to_check,
    is_begun_late,
)
from meterai.domain.reconciliation.discrepancies import Discrepancy, Resolver
from meterai.domain.reconciliation.gateway_records import PaymentRow, PayoutRow, RefundRow
from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.domain.reconciliation.performance import Performance, performance_of, with_day
from meterai.domain.reconciliation.reconciliation import (
    agrees,
    is_doubtful,
    judge_charge,
    judge_order,
    judge_payout,
    refund_not_ours,
    settled_later,
)
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refunds import Refund, refund_of_gateway_key
from meterai.ports import DayReports, Gateway, GatewayRecords, Lanes, Metrics, PublicDays
from meterai.steps.order_facts import OrderFactsPorts, order_facts

logger = logging.getLogger(__name__)

WINDOW = timedelta(hours=1)  # of a day, compared at once
MIN_WINDOW = timedelta(seconds=1)
MAX_AT_ONCE = 10_000  # orders, refunds and payouts: at 20 ms each, three or four minutes


class ReconcilePorts(OrderFactsPorts, Protocol):
    @property
    def gateways(self) -> Mapping[str, Gateway]: ...
    @property
    def records(self) -> Mapping[str, GatewayRecords]: ...
    @property
    def day_reports(self) -> DayReports: ...
    @property
    def public_days(self) -> PublicDays: ...
    @property
    def stamping_promise(self) -> timedelta: ...
    @property
    def refund_promises(self) -> RefundPromises: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def metrics(self) -> Metrics: ...


def reconcile(
    ports: ReconcilePorts,
    now: datetime,
    *,
    has_time: Callable[[], bool],
    window: timedelta = WINDOW,
    max_at_once: int = MAX_AT_ONCE,
) -> int:
    """How many windows were compared. Repeatable: it resumes where the day's report ends, and a
    window that is compared twice makes the same checks twice. `has_time`: for another window."""
    compared = 0
    for day, look in days_to_check(now):
        report = ports.day_reports.get(day)
        if report is None and is_begun_late(day, now):
            continue
        if report is None or report.look < look:
            report = begun(day, look, now)  # pragma: no mutate: written over
        while not report.is_finished and has_time():
            try:
                report = compare_next_window(
                    report, ports, now, window=window, max_at_once=max_at_once
                )
            except RecordsMissing as missing:
                report = _without_records(report, missing, ports, now)
                break
            compared += 1
            # Published first: what a cut-off leaves behind is then published anew.
            _publish(report, ports)
            ports.day_reports.put(report)
            if report.is_finished:
                _report_result(report, ports)
    return compared


def compare_next_window(
    report: DayReport,
    ports: ReconcilePorts,
    now: datetime,
    *,
    window: timedelta = WINDOW,
    max_at_once: int = MAX_AT_ONCE,
) -> DayReport:
    """The report with one window more, shorter when there is much to compare: what cannot be
    compared in one run is never begun. Raises RecordsMissing."""
    length = window
    while True:
        begins, ends = report.window(length)
        found = _Window(ports, now, max_at_once if length > MIN_WINDOW else None)
        if found.collect(begins, ends):
            break
        length = max(length / 2, MIN_WINDOW)  # pragma: no mutate: no payment is left out
    differences = tuple(found.judged())
    return report.with_window(ends, found.compared, differences, now, found.performance)


def _publish(report: DayReport, ports: ReconcilePorts) -> None:
    """A finished day. Its figures of the first look stay until the second look is finished."""
    day = report.public_day
    if day is not None:
        ports.public_days.put(with_day(ports.public_days.get(), day))


def _without_records(
    report: DayReport, missing: RecordsMissing, ports: ReconcilePorts, now: datetime
) -> DayReport:
    gateway = str(missing.values["gateway"])
    begins, ends = beginning_of(report.day), end_of(report.day)
    if report.look == 2 and any(True for _ in ports.payments.settled_between(begins, ends)):
        ports.metrics.record(Metric.RECONCILIATION_OPEN)
        logger.error(
            "gateway records are missing", extra={"day": str(report.day), "gateway": gateway}
        )
    without = replace(report, written_at=now, missing=(gateway,))
    ports.day_reports.put(without)
    return without


def _report_result(report: DayReport, ports: ReconcilePorts) -> None:
    waiting = len(report.open_discrepancies)
    counts = {kind.value: count for kind, count in report.counts.items()}
    said = {"day": str(report.day), "look": report.look, "open": waiting, **counts}
    if waiting:
        ports.metrics.record(Metric.RECONCILIATION_OPEN)
        logger.error("reconciliation left differences open", extra=said)
    else:
        logger.info("reconciled", extra=said)


@dataclass
class _Window:
    """Rows and payments of a window, by their order."""

    ports: ReconcilePorts
    now: datetime
    most: int | None  # None: there is no shorter window
    theirs: defaultdict[OrderId, list[PaymentRow]] = field(
        default_factory=lambda: defaultdict(list)
    )
    ours: defaultdict[OrderId, list[str]] = field(default_factory=lambda: defaultdict(list))
    others: list[RefundRow | PayoutRow] = field(default_factory=list)
    compared: Compared = field(default_factory=Compared)
    performance: Performance = field(default_factory=Performance)

    def collect(self, begins: datetime, ends: datetime) -> bool:
        """True: all of it. False: it is too much for one run, and not all was collected."""
        # 1. What the gateways recorded.
        for records in self.ports.records.values():
            for row in records.between(begins, ends):
                if isinstance(row, PaymentRow):
                    self.theirs[order_of_charge(row.charge_id)].append(row)
                else:
                    self.others.append(row)
                if self._is_too_much:
                    return False
        # 2. What is recorded here.
        for order_id, payment_id in self.ports.payments.settled_between(begins, ends):
            if gateway_of(payment_id) in self.ports.records:
                self.ours[order_id].append(payment_id)
            if self._is_too_much:
                return False
        return True

    @property
    def _is_too_much(self) -> bool:
        found = max(len(self.theirs), len(self.ours)) + len(self.others)
        return self.most is not None and found > self.most

    def judged(self) -> Iterator[Discrepancy]:
        # 3. Each order of either, with its e-meterai; each refund and payout.
        for order_id in dict.fromkeys((*self.theirs, *self.ours)):
            yield from self._judged_order(order_id)
        for row in self.others:
            self.compared += Compared(rows=1)
            key = row.refund_key if isinstance(row, RefundRow) else row.key
            refund_id = refund_of_gateway_key(key)
            refund = None if refund_id is None else self.ports.refunds.get(refund_id)
            if isinstance(row, PayoutRow):
                yield from self._put_right(judge_payout(row, refund), refund)
            elif refund is None:
                yield refund_not_ours(row)
            elif is_doubtful(row, refund):
                facts = order_facts(refund.order_id, self.ports)
                yield from self._judged(refund.payment_id, refund.charge_id, facts)[1]

    def _judged_order(self, order_id: OrderId) -> Iterator[Discrepancy]:
        facts = order_facts(order_id, self.ports)
        rows, ours = self.theirs.get(order_id, []), self.ours.get(order_id, [])
        self.compared += _compared(facts, rows, ours)
        if facts is not None:
            self.performance += performance_of(
                facts, ours, self.ports.stamping_promise, self.ports.refund_promises, self.now
            )
        for row in rows:
            if not agrees(row, facts):
                yield from self._judged(row.payment_id, row.charge_id, facts)[1]
        listed = {row.payment_id for row in rows}
        for payment_id in ours:
            if facts is not None and payment_id not in listed:
                yield from self._unlisted(payment_id, facts)
        if facts is not None and any(judge_order(facts)):
            # The order may have changed while it was read: only what shows twice counts.
            facts = order_facts(order_id, self.ports)
            if facts is not None:
                yield from judge_order(facts)

    def _judged(
        self, payment_id: str, charge_id: str, facts: OrderFacts | None
    ) -> tuple[ChargeStatus | None, list[Discrepancy]]:
        """The charge's present status and the discrepancies that it shows, which are corrected."""
        gateway = self.ports.gateways[gateway_of(payment_id)]
        status = gateway.status(transaction_of(payment_id))
        found = list(judge_charge(payment_id, status, facts))
        for one in found:
            if one.remedy.by is Resolver.ASKING_THE_GATEWAY and facts is not None:
                about = WebhookEvent(ChargeId(charge_id), transaction_of(payment_id))
                account = facts.order.account
                self.ports.lanes.check_charge(gateway.name, about, account)
            elif one.remedy.by is Resolver.ASKING_THE_REFUND and facts is not None:
                # pragma: no mutate start, for types only
                self.ports.lanes.refund(RefundId(one.refund_id or ""), facts.order.account)
                # pragma: no mutate end
        return status, found

    def _unlisted(self, payment_id: str, facts: OrderFacts) -> Iterator[Discrepancy]:
        [fact] = [one for one in facts.payments if one.payment_id == payment_id]
        status, found = self._judged(payment_id, fact.charge_id, facts)
        yield from found or [settled_later(payment_id, status, facts)]

    def _put_right(
        self, differences: Iterator[Discrepancy], refund: Refund | None
    ) -> Iterator[Discrepancy]:
        for one in differences:
            if one.remedy.by is Resolver.ASKING_THE_REFUND and refund is not None:
                self.ports.lanes.refund(refund.refund_id, refund.account)
            yield one


def _compared(
    facts: OrderFacts | None, rows: Sequence[PaymentRow], ours: Sequence[str]
) -> Compared:
    payments = () if facts is None else facts.payments
    return Compared(
        rows=len(rows),
        payments=len(ours),
        orders=facts is not None,
        emeterai=0 if facts is None else len(facts.emeterai),
        gateway_idr=sum(row.amount_idr or 0 for row in rows),
        ours_idr=sum(one.gross_idr for one in payments if one.payment_id in ours),
    )
