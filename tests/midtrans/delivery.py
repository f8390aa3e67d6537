"""Sends webhooks, and repeats them by the merchant's answer.

2xx ends the delivery. Otherwise it repeats at about 2 min, 10 min, 30 min, 1.5 h and 3.5 h after
the last try: once after 500, four times after 503, twice after 400 and 404, five times after
anything else (also no answer). https://docs.midtrans.com/docs/https-notification-webhooks; the
merchant has 15 seconds to answer.
"""

import heapq
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count

import urllib3

DELAYS_S = (120.0, 600.0, 1800.0, 5400.0, 12_600.0)

MIDTRANS = {"User-Agent": "Veritrans"}

_REPEATS = {500: 1, 503: 4, 400: 2, 404: 2}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One try: the body sent and the merchant's status (None: no answer in time)."""

    body: dict[str, object]
    attempt: int
    answer: int | None
    headers: Mapping[str, str]

    @property
    def order_id(self) -> object:
        return self.body["order_id"]

    @property
    def state(self) -> object:
        return self.body["transaction_status"]


@dataclass(frozen=True, slots=True)
class _Parcel:
    body: dict[str, object]
    headers: Mapping[str, str]
    attempt: int


def repeats_after(answer: int | None) -> int:
    """How often Midtrans repeats after this answer."""
    if answer is not None and 200 <= answer < 300:
        return 0
    return _REPEATS.get(answer or 0, len(DELAYS_S))


@dataclass(frozen=True, slots=True)
class RepeatPolicy:
    """How a gateway repeats a webhook: after which delays, and how often by the answer."""

    delays_s: tuple[float, ...] = DELAYS_S
    repeats_after: Callable[[int | None], int] = repeats_after


class Deliveries:
    """A queue of webhooks and the threads that send them; one thread keeps their order."""

    def __init__(
        self,
        url: str | None,
        delay_factor: float,
        senders: int = 1,
        repeat_policy: RepeatPolicy = RepeatPolicy(),
    ) -> None:
        self.url = url
        self._retry_schedule = repeat_policy
        self.log: list[Delivery] = []
        self._delay_factor = delay_factor
        self._pool = urllib3.PoolManager(maxsize=senders)
        self._wake = threading.Condition()
        self._due: list[tuple[float, int, _Parcel]] = []
        self._sequence = count()
        self._sending = 0
        self._stopped = False
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(senders)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Ends after the current deliveries; waiting ones are dropped."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()
        for thread in self._threads:
            thread.join()
        self._pool.clear()

    def send(self, body: dict[str, object], headers: Mapping[str, str] = MIDTRANS) -> None:
        """Queues a webhook; nothing is sent if the merchant has no address."""
        self._put(_Parcel(body, headers, attempt=1), delay_s=0.0)

    def hurry(self) -> None:
        """Waiting repeats are sent now, as if their delay had passed."""
        with self._wake:
            self._due = [(0.0, number, parcel) for _, number, parcel in self._due]
            heapq.heapify(self._due)
            self._wake.notify_all()

    def wait_until_idle(self, timeout_s: float) -> bool:
        """Whether everything, repeats included, was delivered or given up within the time."""
        with self._wake:
            return self._wake.wait_for(lambda: not self._due and not self._sending, timeout_s)

    def _put(self, parcel: _Parcel, delay_s: float) -> None:
        if self.url is None:
            return
        with self._wake:
            due = time.monotonic() + delay_s * self._delay_factor
            heapq.heappush(self._due, (due, next(self._sequence), parcel))
            self._wake.notify()

    def _run(self) -> None:
        while (parcel := self._next()) is not None:
            answer = self._post(parcel)
            attempt = parcel.attempt
            with self._wake:
                self.log.append(Delivery(parcel.body, attempt, answer, parcel.headers))
            if attempt <= self._retry_schedule.repeats_after(answer):
                again = replace(parcel, attempt=attempt + 1)
                self._put(again, self._retry_schedule.delays_s[attempt - 1])
            with self._wake:
                self._sending -= 1
                self._wake.notify_all()

    def _next(self) -> _Parcel | None:
        """Waits for the next webhook that is due; None when stopped."""
        with self._wake:
            while not self._stopped:
                wait_s = self._due[0][0] - time.monotonic() if self._due else None
                if wait_s is not None and wait_s <= 0:
                    _, _, parcel = heapq.heappop(self._due)
                    self._sending += 1
                    return parcel
                self._wake.wait(wait_s)
            return None

    def _post(self, parcel: _Parcel) -> int | None:
        url = self.url
        if url is None:
            return None
        try:
            response = self._pool.request(
                "POST",
                url,
                body=json.dumps(parcel.body).encode(),
                headers={"Content-Type": "application/json", **parcel.headers},
                timeout=15.0,
                retries=False,
            )
        except urllib3.exceptions.HTTPError:
            return None
        return response.status
