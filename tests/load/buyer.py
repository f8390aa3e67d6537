"""The actions of one buyer by the API: order, wait in the waiting room if needed, pay, upload,
stamp, download.

Buyers wait as long as an answer says (`poll_after_ms`, `Retry-After`), unless they have the habit
not to.
"""

import asyncio
import hashlib
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiohttp

from tests.load.http_client import Answer, HttpClient, Json
from tests.load.paying import pay
from tests.load.people import Habit, Person, Way
from tests.load.timeline import End, Estimate, Timeline

BOX = {"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}
IMPATIENT_POLL_S = 0.25  # of a buyer who reloads the page
IMPATIENT_POLLS = 12  # then they wait as the answers say
THINKS_S = (0.5, 4.0)  # before paying
AWAY_S = (2.0, 6.0)  # between closing the tab and opening the page again
TICKET_OVER = ("ticket_expired", "ticket_used")


@dataclass(frozen=True, slots=True)
class Targets:
    """The addresses to use. `documents`: the few distinct documents that are stamped. `enough`: as
    soon as so many buyers of each way have their stamp, the others stop too."""

    api_url: str
    gateway_url: str
    documents: Sequence[bytes]
    until_s: float  # Unix: when all buyers stop
    enough: Mapping[Way, int] | None = None


class Buyer:
    def __init__(
        self, person: Person, token: str, targets: Targets, session: aiohttp.ClientSession
    ) -> None:
        self.person = person
        self.targets = targets
        self.timeline = Timeline(person)
        self._chance = random.Random(person.seed)
        self._http = HttpClient(
            session, targets.api_url, token, self.timeline.answers, self._chance, targets.until_s
        )

    @property
    def is_too_late(self) -> bool:
        return self._http.is_over()

    async def run(self) -> None:
        timeline = self.timeline
        timeline.began_s = time.time()
        order = await self._buy()
        if order is None:
            return
        timeline.order_id, timeline.ordered_s = order["order_id"], time.time()
        if self.person.habit is Habit.ABANDONS:
            await self._http.ask("GET", f"/v1/orders/{timeline.order_id}")
            timeline.end = End.ABANDONED
            return
        await asyncio.sleep(self._chance.uniform(*THINKS_S))
        await self._pay(order)
        if self._chance.random() < 0.5:  # the others ask for the stamp at once
            await self._until_paid()
        document = self._chance.choice(self.targets.documents)
        await self._stamp(document)

    # --- buying ----------------------------------------------------------------------------------

    async def _buy(self) -> Json | None:
        """The order with its payment instructions; None if there is none."""
        body: Json = {"quantity": self.person.quantity, "method": "qris"}
        ticket: str | None = None
        while not self._http.is_over():
            answer = await self._press("/v1/orders", body, "order", ticket)
            if answer.code == "buying_paused" or answer.code in TICKET_OVER:
                ticket = await self._wait_in_room()
            elif answer.is_good and answer.body["pay"] is not None:
                return await self._after_closing_the_tab(answer.body, body, ticket)
            elif (
                answer.is_good
            ):  # the payment instructions were lost: the same request is sent again
                await self._http.pause(2.0)
            elif not self._http.is_over():
                self._refused("order", answer)
                return None
        return None

    async def _after_closing_the_tab(self, order: Json, body: Json, ticket: str | None) -> Json:
        """The page has kept the idempotency key: the same request finds the same order."""
        if self.person.habit is not Habit.CLOSES_THE_TAB:
            return order
        await asyncio.sleep(self._chance.uniform(*AWAY_S))
        self._found_again(order, await self._press("/v1/orders", body, "order", ticket), "order_id")
        return order

    async def _wait_in_room(self) -> str | None:
        """Take a ticket and wait until it may buy; the ticket."""
        timeline = self.timeline
        polls = 0
        while not self._http.is_over():
            issued = await self._http.insist(
                "/v1/waiting-room/tickets", {}, key=self._key("ticket")
            )
            if not issued.is_good:
                await self._http.pause(issued.retry_after_s)
                continue
            ticket = issued.body
            timeline.end = End.NOT_ADMITTED
            if self._is_new(ticket):
                timeline.ticket_at_s, timeline.ticket_issued_at = time.time(), ticket["issued_at"]
            if self.person.habit is Habit.CLOSES_THE_TAB and ticket["ticket"]:
                await asyncio.sleep(self._chance.uniform(*AWAY_S))
                again = await self._http.insist(
                    "/v1/waiting-room/tickets", {}, key=self._key("ticket")
                )
                if again.is_good and again.body["issued_at"] is not None:
                    self._found_again(ticket, again, "issued_at")
            while not self._http.is_over() and not ticket["may_buy"] and not ticket["expired"]:
                timeline.ticket_estimate = timeline.ticket_estimate or _estimate(ticket)
                polls = await self._wait_for_poll(polls, ticket["poll_after_ms"])
                if self._http.is_over():
                    return None
                answer = await self._http.ask("GET", f"/v1/waiting-room/tickets/{ticket['ticket']}")
                if answer.is_good:
                    ticket = answer.body
                elif answer.status == 429:
                    timeline.polls_refused += 1
                    await self._http.pause(answer.retry_after_s)
            if ticket["may_buy"]:
                timeline.admitted_s, timeline.end = time.time(), End.NOT_SERVED
                code: str | None = ticket["ticket"]
                return code
        return None

    def _is_new(self, ticket: Json) -> bool:
        return (
            ticket["issued_at"] is not None
            and ticket["issued_at"] != self.timeline.ticket_issued_at
        )

    async def _pay(self, order: Json) -> None:
        self.timeline.pay_pressed_s = time.time()
        await pay(
            self._http.session,
            self.targets.gateway_url,
            order["order_id"],
            order["pay"]["qr_page_url"],
            twice=self.person.habit is Habit.PAYS_TWICE,
        )

    async def _until_paid(self) -> bool:
        answer = await self._follow(f"/v1/orders/{self.timeline.order_id}", "paid")
        return answer is not None

    # --- stamping --------------------------------------------------------------------------------

    async def _stamp(self, content: bytes) -> None:
        timeline = self.timeline
        sha256 = await self._upload(content)
        if sha256 is None:
            return
        request: Json = {
            "order_id": timeline.order_id,
            "document": sha256,
            "placements": [BOX],
            "reason": "Surat pernyataan",
        }
        requested = await self._press("/v1/stampings", request, "stamping", None)
        if not requested.is_good:
            if not self._http.is_over():
                self._refused("stamping", requested)
            return
        if self.person.habit is Habit.CLOSES_THE_TAB:
            await asyncio.sleep(self._chance.uniform(*AWAY_S))
            again = await self._press("/v1/stampings", request, "stamping", None)
            self._found_again(requested.body, again, "stamping_id")
        timeline.stamping_id = requested.body["stamping_id"]
        if requested.body["estimate"] is not None:
            timeline.stamping_estimate = _estimate(requested.body)
        stamped = await self._follow(f"/v1/stampings/{timeline.stamping_id}", "stamped")
        if stamped is None:
            return
        timeline.stamped_seen_s = time.time()
        timeline.end = End.STAMPED
        await self._fetch(stamped)
        if self.person.habit is Habit.GIVES_BACK:
            await self._refund_one()

    async def _upload(self, content: bytes) -> str | None:
        sha256 = hashlib.sha256(content).hexdigest()
        request = {"sha256": sha256, "size_bytes": len(content)}
        while not self._http.is_over():
            offer = await self._http.insist("/v1/documents", request, key=self._key("document"))
            if not offer.is_good:
                continue
            form = aiohttp.FormData()
            for name, text in offer.body["fields"].items():
                form.add_field(name, text)
            form.add_field("file", content, filename="surat.pdf", content_type="application/pdf")
            try:
                async with self._http.session.post(offer.body["url"], data=form) as stored:
                    if stored.status < 300:
                        return sha256
            except (aiohttp.ClientError, TimeoutError, ConnectionError):
                pass
            await self._http.pause()
        return None

    async def _fetch(self, stamped: Json) -> None:
        try:
            async with self._http.session.get(stamped["download_url"]) as response:
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return  # the address stays valid; the end state checks every file
        if response.status == 200 and (
            hashlib.sha256(content).hexdigest() != stamped["stamped_sha256"]
        ):
            self.timeline.wrong.append(
                f"the file of {self.timeline.stamping_id} is not the one stamped"
            )

    async def _refund_one(self) -> None:
        path = f"/v1/orders/{self.timeline.order_id}/refunds"
        answer = await self._http.insist(path, {"quantity": 1}, key=self._key("refund"))
        if answer.is_good:
            self.timeline.refund_id = answer.body["refund_id"]

    # --- habits -----------------------------------------------------------------------

    async def _press(self, path: str, body: Json, what: str, ticket: str | None) -> Answer:
        """Press a button. Two clicks send the same request twice at once and create one item."""
        key = self._key(what)
        headers = {"meterai-ticket": ticket} if ticket else {}
        if self.person.habit is not Habit.CLICKS_TWICE:
            return await self._http.insist(path, body, key=key, headers=headers)
        both = await asyncio.gather(
            self._http.insist(path, body, key=key, headers=headers),
            self._http.insist(path, body, key=key, headers=headers),
        )
        named = {one.body[f"{what}_id"] for one in both if one.is_good}
        if len(named) > 1:
            self.timeline.wrong.append(f"two clicks created two: {sorted(named)}")
        better = sorted(both, key=lambda one: (one.is_good, one.body.get("pay") is not None))
        return better[-1]

    async def _follow(self, path: str, state: str) -> Json | None:
        """Poll until it has this state; None if the time is up first."""
        polls = 0
        while not self._http.is_over():
            answer = await self._http.ask("GET", path)
            if answer.is_good:
                if answer.body["state"] == state:
                    return answer.body
                if answer.body["poll_after_ms"] is None:
                    self._refused(path, answer)
                    return None
                self._note(path, answer.body)
                polls = await self._wait_for_poll(polls, answer.body["poll_after_ms"])
            elif answer.status == 429:
                self.timeline.polls_refused += 1
                await self._http.pause(answer.retry_after_s)
            else:
                await self._http.pause(answer.retry_after_s)
        return None

    def _note(self, path: str, body: Json) -> None:
        """Keep the first estimate."""
        if path.startswith("/v1/stampings/"):
            self.timeline.stamping_estimate = self.timeline.stamping_estimate or _estimate(body)
        else:
            self.timeline.payment_estimate = self.timeline.payment_estimate or _estimate(body)

    async def _wait_for_poll(self, polls: int, poll_after_ms: int | None) -> int:
        wait_s = (poll_after_ms or 2_000) / 1_000
        if self.person.habit is Habit.RELOADS and polls < IMPATIENT_POLLS:
            wait_s = min(wait_s, IMPATIENT_POLL_S)
        await self._http.pause(wait_s)
        return polls + 1

    def _found_again(self, before: Json, again: Answer, name: str) -> None:
        """The same key finds the same item."""
        if not again.is_good:
            return
        if again.body[name] != before[name]:
            self.timeline.wrong.append(f"found {again.body[name]} again instead of {before[name]}")
        self.timeline.found_again += 1

    def _refused(self, what: str, answer: Answer) -> None:
        self.timeline.end = End.REFUSED
        state = answer.body.get("state", "")
        self.timeline.wrong.append(f"{what}: {answer.status} {answer.code} {state}".strip())

    def _key(self, what: str) -> str:
        return f"{what}-{self.person.number}-{self.person.seed}"


def _estimate(body: Json) -> Estimate | None:
    estimate, position = body["estimate"], body["position"]
    if estimate is None:
        return None
    high = None if position is None else int(position["high"])
    return Estimate(time.time(), int(estimate["from_s"]), int(estimate["to_s"]), high)
