"""The people of one scenario and the system they use, from their arrival to the stamped file.

People come in cohorts of `cohort_size`. Each of them counts against every limit, but a cohort is
refused or admitted as one, with the chance that its members have on average.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

import simpy

from meterai.domain.waiting.bulk import next_portion
from meterai.domain.waiting.load_snapshot import LoadSnapshot, QueuePosition
from meterai.domain.waiting.queue_status import Lane, QueueStatus
from tests.capacity import units
from tests.capacity.account import Account
from tests.capacity.curve import STAMPS_A_PERSON
from tests.capacity.people import REQUESTS_TO_STAMP, WEBHOOK_RETRIES_S, People
from tests.capacity.times import SDK_RETRIES_S, Times
from tests.capacity.waiting_room import WaitingRoom, at
from tests.capacity.waits import Waits

FIRST_PAUSE_S, MAX_PAUSE_S = 4, 256
SPREAD_S = 1.0  # the calls of a cohort are spread over this time
Act = Callable[[], None]
Done = Callable[[int], None]


@dataclass(slots=True)
class Cohort:
    people: int
    leaves_s: float
    tries: int = 0
    ticket_at: datetime | None = None  # of the waiting room
    ordered_s: float = 0.0
    paid_s: float = 0.0
    prepared_s: float = 0.0  # their own time between paying and asking for a stamp


class System:
    """Counts are of people, unless a name says stamps."""

    def __init__(
        self,
        environment: simpy.Environment,
        account: Account,
        times: Times,
        people: People,
        *,
        has_waiting_room: bool,
        paces_bulk: bool,
    ) -> None:
        self.account = account
        self.room = WaitingRoom(account.size.policy) if has_waiting_room else None
        self.came = self.ordered = self.paid = self.left = 0
        self.unpaid = 0  # they poll their order every few seconds
        self.unconfirmed = 0  # they have paid, and the system does not know it yet
        self.preparing = 0
        self.stamped_stamps = self.bulk_stamped_stamps = 0
        self.waiting_stamps = 0  # requested by applicants, not stamped yet
        self.bulk_waiting_stamps = 0  # not released to the stamping lane yet
        self.served = Waits()  # from payment to stamp, without the people's own time
        self.refusals = Counter[str]()
        self.asked: list[tuple[float, int]] = []  # lag since the order, stamps; since the last tick
        self._paces_bulk = paces_bulk
        self._portion = 0
        self._environment = environment
        self._times = times
        self._people = people

    # --- a cohort, step by step ------------------------------------------------------------------

    def arrive(self, people: int) -> None:
        now_s = self._environment.now
        self.came += people
        leaves_s = now_s + self._times.chance.expovariate(1 / self._people.leaves_after_s)
        self._sign_in(Cohort(people, leaves_s))

    def _sign_in(self, cohort: Cohort) -> None:
        now_s = self._environment.now
        calls = 2 * cohort.people * self._people.new
        if not (
            self.account.creations.may_take(now_s, calls)
            and self.account.logins.may_take(now_s, cohort.people * self._people.sign_in)
        ):
            self._retry(cohort, "signing in", self._sign_in)
            return
        self._buy(cohort)

    def _buy(self, cohort: Cohort) -> None:
        now_s = self._environment.now
        if not self.account.api.may_take(now_s, cohort.people):
            self._retry(cohort, "the API's limit", self._buy)
            return
        if self.room is not None and not self.room.admits(cohort.ticket_at):
            self._join_waiting_room(cohort)
            return
        took_s = self._call(
            "Purchase", cohort.people, units.PURCHASE, self._times.latencies.gateway_charge_s
        )
        if took_s is None:
            self._retry(cohort, "purchases' concurrency", self._buy)
            return
        self._later(took_s, lambda: self._ordered(cohort))

    def _join_waiting_room(self, cohort: Cohort) -> None:
        assert self.room is not None
        now_s = self._environment.now
        took = self.account.api.may_take(now_s, cohort.people)
        if not took or self._call("JoinWaitingRoom", cohort.people, units.TICKET) is None:
            self._retry(cohort, "the waiting room's concurrency", self._buy)
            return
        cohort.ticket_at = self.room.enter(cohort.people, now_s, lambda: self._admitted(cohort))

    def _admitted(self, cohort: Cohort) -> None:
        """They see it at their next poll, unless they have left."""
        if self._environment.now > cohort.leaves_s:
            self.left += cohort.people
            return
        assert self.room is not None
        assert cohort.ticket_at is not None
        polls_s = self._times.chance.uniform(0, self.room.poll_after_s(cohort.ticket_at))
        cohort.tries = 0
        self._later(polls_s, lambda: self._buy(cohort))

    def _ordered(self, cohort: Cohort) -> None:
        self.ordered += cohort.people
        cohort.ordered_s = self._environment.now
        self.unpaid += cohort.people
        never = self._rounded(cohort.people * self._people.never_pay)
        self._webhook(cohort.people, lambda _: None)  # "pending"
        pay_s = self._times.chance.expovariate(1 / self._people.pay_s)
        pay_s = min(pay_s, self.account.size.order_expires_s - 1)
        self._later(pay_s, lambda: self._pay(cohort, never))
        if never:
            expires_s = self.account.size.order_expires_s
            self._later(expires_s, lambda: self._check_at_gateway(never, lambda _: None))

    def _pay(self, cohort: Cohort, never: int) -> None:
        self.unpaid -= cohort.people
        cohort.people -= never
        if not cohort.people:
            return
        cohort.paid_s = self._environment.now
        self.paid += cohort.people
        self.unconfirmed += cohort.people
        self._webhook(cohort.people, lambda count: self._confirmed(cohort, count))

    def _webhook(self, count: int, done: Done, tries: int = 0) -> None:
        """The gateway's webhook: it comes through the same API as all requests."""
        taken = self.account.api.may_take(self._environment.now, count)
        took_s = self._call("ReceiveWebhook", count, units.WEBHOOK) if taken else None
        if took_s is None:
            self.refusals["webhooks"] += count
            if tries < len(WEBHOOK_RETRIES_S):
                retry_s = WEBHOOK_RETRIES_S[tries]
                self._later(retry_s, lambda: self._webhook(count, done, tries + 1))
            else:  # the order's timer makes the check
                self._check_at_gateway(count, done)
            return
        self._later(took_s, lambda: self._check_at_gateway(count, done))

    def _check_at_gateway(self, count: int, done: Done) -> None:
        self.account.payments.send(count, self._confirm_work, done)

    def _confirmed(self, cohort: Cohort, count: int) -> None:
        self.unconfirmed -= count
        self.preparing += count
        prepare_s = self._times.chance.expovariate(1 / self._people.prepare_s)
        part = replace(cohort, people=count, tries=0, prepared_s=prepare_s)
        self._later(prepare_s, lambda: self._request(part))

    def _request(self, cohort: Cohort) -> None:
        now_s = self._environment.now
        stamps = cohort.people * STAMPS_A_PERSON
        if not self.account.api.may_take(now_s, stamps * REQUESTS_TO_STAMP):
            self._retry(cohort, "the API's limit", self._request, has_paid=True)
            return
        took_s = self._call("RequestStamping", stamps, units.REQUEST)
        if took_s is None:
            self._retry(cohort, "requests' concurrency", self._request, has_paid=True)
            return
        self._later(took_s, lambda: self._queue(cohort, stamps))

    def _queue(self, cohort: Cohort, stamps: int) -> None:
        self.preparing -= cohort.people
        self.waiting_stamps += stamps
        self.asked.append((self._environment.now - cohort.ordered_s, stamps))
        self.account.stamping.send(
            stamps, self._stamp_work, lambda count: self._stamped(cohort, count)
        )

    def _stamped(self, cohort: Cohort, stamps: int) -> None:
        self.waiting_stamps -= stamps
        self.stamped_stamps += stamps
        self.served.add(self._environment.now - cohort.paid_s - cohort.prepared_s, stamps)

    def polls_per_s(self, status: QueueStatus) -> float:
        """The polls of all who wait, each as often as its last answer said."""
        polls = (self.unpaid + self.unconfirmed) / self._people.poll_s
        if self.room is not None:
            polls += self.room.polls_per_s()
        head_s = self.account.stamping.head_sent_s
        now_s = self._environment.now
        oldest_s = now_s if head_s is None else head_s
        sent_s = [oldest_s + share * (now_s - oldest_s) for share in (0.1, 0.3, 0.5, 0.7, 0.9)]
        positions = [
            QueuePosition(status.ahead_of(at(s)), status.wait_of(at(s), at(now_s))) for s in sent_s
        ]
        each = [position.poll_after.total_seconds() for position in positions]
        return polls + self.waiting_stamps * sum(1 / after_s for after_s in each) / len(each)

    # --- a distributor's bulk --------------------------------------------------------------------

    def add_bulk(self, stamps: int) -> None:
        self.bulk_waiting_stamps += stamps
        if not self._paces_bulk:
            self._send_bulk(stamps)

    def release_bulk(self, status: QueueStatus, length_s: float) -> None:
        """As steps/release_bulk.py each second; a longer tick has as many portions."""
        if self._paces_bulk and self.bulk_waiting_stamps:
            snapshot = LoadSnapshot(status.at, {Lane.STAMPING: status})
            portions = self.account.size.portions
            self._portion = next_portion(self._portion, snapshot, status.at, portions)
            self._send_bulk(min(int(self._portion * length_s), self.bulk_waiting_stamps))

    def _send_bulk(self, stamps: int) -> None:
        self.bulk_waiting_stamps -= stamps
        self.account.stamping.send(stamps, self._stamp_work, self._bulk_stamped)

    def _bulk_stamped(self, stamps: int) -> None:
        self.bulk_stamped_stamps += stamps

    # --- the work on a message -------------------------------------------------------------------

    def _confirm_work(self, count: int, calls: int, now_s: float) -> tuple[float, int]:
        held_s = self.account.write_s(units.CONFIRM, count, now_s)
        one_by_one = -(-count // calls)  # a batch makes one gateway call after the other
        work_s = one_by_one * self._times.confirm_s()
        return (work_s + SDK_RETRIES_S, count) if held_s is None else (work_s + held_s, 0)

    def _stamp_work(self, count: int, calls: int, now_s: float) -> tuple[float, int]:
        memory_mb = self.account.size.memory_mb["Stamp"]
        work_s = self._times.stamp_s(-(-count // calls), memory_mb)
        written_s = self.account.write_s(units.STAMP, count, now_s)
        signed_s = self.account.signs.wait_s(now_s, count, SDK_RETRIES_S)
        if written_s is None or signed_s is None:
            return work_s + SDK_RETRIES_S, count
        return work_s + max(written_s, signed_s), 0

    # --- helpers ---------------------------------------------------------------------------------

    def _call(
        self, function: str, count: int, step: units.Step, gateway_s: float = 0
    ) -> float | None:
        """Run an API function; the seconds until its answer, None if it is refused."""
        now_s = self._environment.now
        one = self.account.functions[function]
        work_s = self._times.http_s(step, one.memory_mb, gateway_s)
        at_once = self._rounded(count * work_s / (work_s + SPREAD_S))
        cold_s = one.begin(now_s, at_once, calls=count)
        if cold_s is None:
            return None
        held_s = self.account.write_s(step, count, now_s)
        work_s += cold_s + (SDK_RETRIES_S if held_s is None else held_s)
        until_s = work_s + SPREAD_S
        self._later(until_s, lambda: one.end(at_once, until_s))
        return None if held_s is None else work_s

    def _retry(
        self, cohort: Cohort, why: str, step: Callable[[Cohort], None], *, has_paid: bool = False
    ) -> None:
        """After a pause that doubles. People who have paid never give up: the page retries."""
        self.refusals[why] += cohort.people
        cohort.tries += 1
        pause_s = min(MAX_PAUSE_S, FIRST_PAUSE_S * 2.0 ** (cohort.tries - 1))
        pause_s *= self._times.chance.uniform(0.5, 1.5)
        if not has_paid and self._environment.now + pause_s > cohort.leaves_s:
            self.left += cohort.people
            return
        self._later(pause_s, lambda: step(cohort))

    def _later(self, wait_s: float, act: Act) -> None:
        timeout = self._environment.timeout(wait_s)
        assert timeout.callbacks is not None
        timeout.callbacks.append(lambda _: act())

    def _rounded(self, count: float) -> int:
        """A whole number with that mean."""
        whole = int(count)
        return whole + (self._times.chance.random() < count - whole)
