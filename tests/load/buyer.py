"""One person's errand: order, perhaps wait outside, pay, upload, ask for the stamp, fetch the file.

Whoever is asked to wait waits as long as he is told (`poll_after_ms`, `Retry-After`), unless it is
his habit not to.
"""

import asyncio
import hashlib
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp

from tests.load.http_client import Answer, Desk, Json
from tests.load.people import Habit, Person
from tests.load.timeline import End, Story, Told

BOX = {"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}
IMPATIENT_S = 0.25  # between two looks of who reloads
IMPATIENT_LOOKS = 12  # then even he waits as he is told
THINKS_S = (0.5, 4.0)  # before paying
AWAY_S = (2.0, 6.0)  # between closing the tab and opening the page again
PLACE_OVER = ("ticket_expired", "ticket_used")


@dataclass(frozen=True, slots=True)
class Town:
    """Where things are. `letters`: what is to be stamped, some few distinct documents."""

    api_url: str
    gateway_url: str
    letters: Sequence[bytes]
    until_s: float  # Unix: then everybody goes home


class Buyer:
    def __init__(
        self, person: Person, token: str, town: Town, session: aiohttp.ClientSession
    ) -> None:
        self.person = person
        self.town = town
        self.story = Story(person)
        self._chance = random.Random(person.seed)
        self._desk = Desk(
            session, town.api_url, token, self.story.answers, self._chance, town.until_s
        )

    @property
    def is_too_late(self) -> bool:
        return self._desk.is_over()

    async def come(self) -> None:
        story = self.story
        story.began_s = time.time()
        order = await self._buy()
        if order is None:
            return
        story.order_id, story.ordered_s = order["order_id"], time.time()
        if self.person.habit is Habit.ABANDONS:
            await self._desk.ask("GET", f"/v1/orders/{story.order_id}")
            story.end = End.ABANDONED
            return
        await asyncio.sleep(self._chance.uniform(*THINKS_S))
        await self._pay(order)
        if self._chance.random() < 0.5:  # the others ask for the stamp at once
            await self._until_paid()
        letter = self._chance.choice(self.town.letters)
        await self._stamp(letter)

    # --- buying ----------------------------------------------------------------------------------

    async def _buy(self) -> Json | None:
        """The order, with how to pay it; None where it came to nothing."""
        body: Json = {"quantity": self.person.quantity, "method": "qris"}
        ticket: str | None = None
        while not self._desk.is_over():
            answer = await self._press("/v1/orders", body, "order", ticket)
            if answer.code == "buying_paused" or answer.code in PLACE_OVER:
                ticket = await self._wait_outside()
            elif answer.is_good and answer.body["pay"] is not None:
                return await self._after_closing_the_tab(answer.body, body, ticket)
            elif answer.is_good:  # how to pay got lost: it tells when to send the same again
                await self._desk.pause(2.0)
            elif not self._desk.is_over():
                self._refused("order", answer)
                return None
        return None

    async def _after_closing_the_tab(self, order: Json, body: Json, ticket: str | None) -> Json:
        """The page had kept the key: the same request finds the same order."""
        if self.person.habit is not Habit.CLOSES_THE_TAB:
            return order
        await asyncio.sleep(self._chance.uniform(*AWAY_S))
        self._found_again(order, await self._press("/v1/orders", body, "order", ticket), "order_id")
        return order

    async def _wait_outside(self) -> str | None:
        """A place in the waiting room, until it is its turn; its ticket."""
        story = self.story
        looks = 0
        while not self._desk.is_over():
            taken = await self._desk.insist("/v1/waiting-room/tickets", {}, key=self._key("place"))
            if not taken.is_good:
                await self._desk.pause(taken.retry_after_s)
                continue
            place = taken.body
            story.end = End.NOT_LET_IN
            if self._is_new(place):
                story.place_at_s, story.place_issued_at = time.time(), place["issued_at"]
            if self.person.habit is Habit.CLOSES_THE_TAB and place["ticket"]:
                await asyncio.sleep(self._chance.uniform(*AWAY_S))
                again = await self._desk.insist(
                    "/v1/waiting-room/tickets", {}, key=self._key("place")
                )
                if again.is_good and again.body["issued_at"] is not None:
                    self._found_again(place, again, "issued_at")
            while not self._desk.is_over() and not place["may_buy"] and not place["over"]:
                story.place_told = story.place_told or _told(place)
                looks = await self._wait_as_told(looks, place["poll_after_ms"])
                if self._desk.is_over():
                    return None
                answer = await self._desk.ask("GET", f"/v1/waiting-room/tickets/{place['ticket']}")
                if answer.is_good:
                    place = answer.body
                elif answer.status == 429:
                    story.polls_refused += 1
                    await self._desk.pause(answer.retry_after_s)
            if place["may_buy"]:
                story.let_in_s, story.end = time.time(), End.NOT_SERVED
                ticket: str | None = place["ticket"]
                return ticket
        return None

    def _is_new(self, place: Json) -> bool:
        return place["issued_at"] is not None and place["issued_at"] != self.story.place_issued_at

    async def _pay(self, order: Json) -> None:
        """The buyer's banking app scans the QR. Who pays twice has a second app."""
        charge = re.search(r"/qris/([^/]+)", order["pay"]["qr_page_url"])
        assert charge is not None
        url = self.town.gateway_url
        if self.person.habit is Habit.PAYS_TWICE:
            twice = {"fault": "double_payment", "order_id": f"{order['order_id']}-1"}
            async with self._desk.session.post(f"{url}/simulator/faults", json=twice):
                pass
        self.story.pay_pressed_s = time.time()
        async with self._desk.session.post(f"{url}/qris/{charge[1]}/pay", allow_redirects=False):
            pass

    async def _until_paid(self) -> bool:
        answer = await self._follow(f"/v1/orders/{self.story.order_id}", "paid")
        return answer is not None

    # --- stamping --------------------------------------------------------------------------------

    async def _stamp(self, letter: bytes) -> None:
        story = self.story
        document = await self._upload(letter)
        if document is None:
            return
        wish: Json = {
            "order_id": story.order_id,
            "document": document,
            "placements": [BOX],
            "reason": "Surat pernyataan",
        }
        asked = await self._press("/v1/stampings", wish, "stamping", None)
        if not asked.is_good:
            if not self._desk.is_over():
                self._refused("stamping", asked)
            return
        if self.person.habit is Habit.CLOSES_THE_TAB:
            await asyncio.sleep(self._chance.uniform(*AWAY_S))
            again = await self._press("/v1/stampings", wish, "stamping", None)
            self._found_again(asked.body, again, "stamping_id")
        story.stamping_id = asked.body["stamping_id"]
        if asked.body["estimate"] is not None:
            story.stamping_told = _told(asked.body)
        stamped = await self._follow(f"/v1/stampings/{story.stamping_id}", "stamped")
        if stamped is None:
            return
        story.stamped_seen_s = time.time()
        story.end = End.STAMPED
        await self._fetch(stamped)
        if self.person.habit is Habit.GIVES_BACK:
            await self._give_back()

    async def _upload(self, letter: bytes) -> str | None:
        sha256 = hashlib.sha256(letter).hexdigest()
        wish = {"sha256": sha256, "size_bytes": len(letter)}
        while not self._desk.is_over():
            offer = await self._desk.insist("/v1/documents", wish, key=self._key("document"))
            if not offer.is_good:
                continue
            form = aiohttp.FormData()
            for name, text in offer.body["fields"].items():
                form.add_field(name, text)
            form.add_field("file", letter, filename="surat.pdf", content_type="application/pdf")
            try:
                async with self._desk.session.post(offer.body["url"], data=form) as stored:
                    if stored.status < 300:
                        return sha256
            except (aiohttp.ClientError, TimeoutError, ConnectionError):
                pass
            await self._desk.pause()
        return None

    async def _fetch(self, stamped: Json) -> None:
        try:
            async with self._desk.session.get(stamped["download_url"]) as response:
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return  # the address stays good; the end state looks at every file
        if response.status == 200 and (
            hashlib.sha256(content).hexdigest() != stamped["stamped_sha256"]
        ):
            self.story.wrong.append(f"the file of {self.story.stamping_id} is not the one stamped")

    async def _give_back(self) -> None:
        path = f"/v1/orders/{self.story.order_id}/refunds"
        answer = await self._desk.insist(path, {"quantity": 1}, key=self._key("refund"))
        if answer.is_good:
            self.story.refund_id = answer.body["refund_id"]

    # --- how people behave -----------------------------------------------------------------------

    async def _press(self, path: str, body: Json, what: str, ticket: str | None) -> Answer:
        """A button. Whoever clicks twice sends the same twice at once: one thing comes of it."""
        key = self._key(what)
        headers = {"meterai-ticket": ticket} if ticket else {}
        if self.person.habit is not Habit.CLICKS_TWICE:
            return await self._desk.insist(path, body, key=key, headers=headers)
        both = await asyncio.gather(
            self._desk.insist(path, body, key=key, headers=headers),
            self._desk.insist(path, body, key=key, headers=headers),
        )
        named = {one.body[f"{what}_id"] for one in both if one.is_good}
        if len(named) > 1:
            self.story.wrong.append(f"two clicks, two of them: {sorted(named)}")
        better = sorted(both, key=lambda one: (one.is_good, one.body.get("pay") is not None))
        return better[-1]

    async def _follow(self, path: str, state: str) -> Json | None:
        """Looks again and again until it has this state; None where the time is up first."""
        looks = 0
        while not self._desk.is_over():
            answer = await self._desk.ask("GET", path)
            if answer.is_good:
                if answer.body["state"] == state:
                    return answer.body
                if answer.body["poll_after_ms"] is None:
                    self._refused(path, answer)
                    return None
                self._note(path, answer.body)
                looks = await self._wait_as_told(looks, answer.body["poll_after_ms"])
            elif answer.status == 429:
                self.story.polls_refused += 1
                await self._desk.pause(answer.retry_after_s)
            else:
                await self._desk.pause(answer.retry_after_s)
        return None

    def _note(self, path: str, body: Json) -> None:
        """The first estimate that is told counts."""
        if path.startswith("/v1/stampings/"):
            self.story.stamping_told = self.story.stamping_told or _told(body)
        else:
            self.story.payment_told = self.story.payment_told or _told(body)

    async def _wait_as_told(self, looks: int, poll_after_ms: int | None) -> int:
        wait_s = (poll_after_ms or 2_000) / 1_000
        if self.person.habit is Habit.RELOADS and looks < IMPATIENT_LOOKS:
            wait_s = min(wait_s, IMPATIENT_S)
        await self._desk.pause(wait_s)
        return looks + 1

    def _found_again(self, before: Json, again: Answer, name: str) -> None:
        """Whoever comes again with the same key finds the same thing."""
        if not again.is_good:
            return
        if again.body[name] != before[name]:
            self.story.wrong.append(f"came again and found {again.body[name]}, not {before[name]}")
        self.story.found_again += 1

    def _refused(self, what: str, answer: Answer) -> None:
        self.story.end = End.REFUSED
        state = answer.body.get("state", "")
        self.story.wrong.append(f"{what}: {answer.status} {answer.code} {state}".strip())

    def _key(self, what: str) -> str:
        return f"{what}-{self.person.number}-{self.person.seed}"


def _told(body: Json) -> Told | None:
    estimate, position = body["estimate"], body["position"]
    if estimate is None:
        return None
    high = None if position is None else int(position["high"])
    return Told(time.time(), int(estimate["from_s"]), int(estimate["to_s"]), high)
