"""The actions of one buyer on the pages, with a browser without script: sign in, prepare a
document, wait in the waiting room if needed, pay, and fetch the file.

Pages that wait are loaded again when they say so, except by those who reload them all the time.
"""

import asyncio
import hashlib
import random
import re
import time
from html import unescape

import aiohttp

from tests.applicant.forms import forms_of
from tests.applicant.web_pages import refresh_s_of, words_of
from tests.load.browser import Browser, Refused, Shown, TimeIsUp
from tests.load.buyer import AWAY_S, IMPATIENT_POLL_S, IMPATIENT_POLLS, THINKS_S, Targets
from tests.load.http_client import HttpClient
from tests.load.paying import pay
from tests.load.people import Habit, Person
from tests.load.timeline import End, Timeline

DRAFTS = "/saya/pengajuan"
BUY, JOIN = "Bayar Rp10.000", "Masuk antrean"
ASK = "Minta kode baru", "Bayar dengan kode baru"
MAX_SIGN_INS = 3
_CODE = re.compile(r'href="([^"]+/qris/[^"]+)"')
_ORDER = re.compile(r'name="pesanan" value="([^"]+)"')


class PageBuyer:
    def __init__(self, person: Person, targets: Targets, session: aiohttp.ClientSession) -> None:
        self.person = person
        self.targets = targets
        self.timeline = Timeline(person)
        self._chance = random.Random(person.seed)
        self._http = HttpClient(
            session, targets.api_url, None, self.timeline.answers, self._chance, targets.until_s
        )
        self._browser = Browser(self._http)
        self._reloads = 0

    @property
    def is_too_late(self) -> bool:
        return self._http.is_over()

    async def run(self) -> None:
        self.timeline.began_s = time.time()
        try:
            await self._sign_in()
            shown = await self._until_there_is_a_code(await self._buy(await self._prepare()))
            if self.person.habit is Habit.ABANDONS:
                self.timeline.end = End.ABANDONED
                return
            await self._pay(shown)
            await self._fetch(shown)
        except TimeIsUp:
            pass
        except Refused as refused:
            self.timeline.end = End.REFUSED
            self.timeline.wrong.append(str(refused))

    async def _sign_in(self) -> None:
        """By one press. What fails on the way back is begun again, as the page offers."""
        for left in reversed(range(MAX_SIGN_INS)):
            asked = await self._open("/saya")
            try:
                await self._browser.post(asked.address, {"username": self.person.username})
            except Refused:
                if not left:
                    raise
            else:
                return

    # --- buying ----------------------------------------------------------------------------------

    async def _prepare(self) -> Shown:
        """The answers to be checked, of a draft with one document."""
        draft = await self._press(await self._open(DRAFTS), "Mulai")
        content = self._chance.choice(self.targets.documents)
        document = await self._browser.upload(draft, "surat lamaran.pdf", content)
        place = await self._browser.open(f"{document.address}/tempat")
        await self._browser.look(place)
        placed = await self._press(place, "Pakai tempat ini")
        if self.person.habit is Habit.CLOSES_THE_TAB:
            await self._find_again(placed)
        answers = await self._press(placed, "Lanjut")
        await self._browser.look(answers)
        return answers

    async def _find_again(self, placed: Shown) -> None:
        await asyncio.sleep(self._chance.uniform(*AWAY_S))
        if placed.path not in (await self._open(DRAFTS)).html:
            raise Refused(f"{placed.path} was not found again")
        self.timeline.found_again += 1

    async def _buy(self, shown: Shown) -> Shown:
        """How to pay. Raises TimeIsUp while one waits for one's turn."""
        timeline = self.timeline
        while not shown.path.endswith("/bayar"):
            if not shown.path.endswith("/antre"):
                shown = await self._press(shown, BUY, JOIN)
            elif "Lanjut membayar" in _buttons(shown):
                timeline.admitted_s, timeline.end = time.time(), End.NOT_SERVED
                shown = await self._press(shown, "Lanjut membayar")
            elif "Antre lagi" in _buttons(shown):
                shown = await self._press(shown, "Antre lagi")
            else:
                timeline.ticket_at_s = timeline.ticket_at_s or time.time()
                timeline.end = End.NOT_ADMITTED
                shown = await self._load_again(shown)
        return shown

    async def _until_there_is_a_code(self, shown: Shown) -> Shown:
        while not _CODE.search(shown.html):
            if _buttons(shown) & set(ASK):
                shown = await self._press(shown, *ASK)
            else:
                shown = await self._load_again(shown)
        [order_id] = set(_ORDER.findall(shown.html))
        self.timeline.order_id, self.timeline.ordered_s = order_id, time.time()
        return shown

    async def _pay(self, shown: Shown) -> None:
        timeline, [code] = self.timeline, _CODE.findall(shown.html)
        assert timeline.order_id is not None
        await asyncio.sleep(self._chance.uniform(*THINKS_S))
        timeline.pay_pressed_s = time.time()
        await pay(
            self._http.session,
            self.targets.gateway_url,
            timeline.order_id,
            unescape(code),
            twice=self.person.habit is Habit.PAYS_TWICE,
        )

    async def _fetch(self, shown: Shown) -> None:
        """The pages turn by themselves: from the code to the progress, and on to the file."""
        while not shown.path.endswith("/berkas"):
            shown = await self._load_again(shown)
        timeline = self.timeline
        file = re.search(r'href="(/saya/berkas/([^"/]+))"', shown.html)
        if file is None:
            raise Refused(words_of(shown.html)[:300])
        timeline.stamping_id = file[2]
        timeline.stamped_seen_s, timeline.end = time.time(), End.STAMPED
        await self._browser.look(shown)
        content = await self._browser.fetch(self.targets.api_url + file[1])
        if content is not None and hashlib.sha256(content).hexdigest() not in shown.html:
            timeline.wrong.append(f"the file of {timeline.stamping_id} is not the one stamped")

    # --- habits ----------------------------------------------------------------------------------

    async def _open(self, path: str) -> Shown:
        return await self._browser.open(self.targets.api_url + path)

    async def _press(self, shown: Shown, *buttons: str) -> Shown:
        """Two clicks send the same form twice at once, and lead to one place."""
        if self.person.habit is not Habit.CLICKS_TWICE:
            return await self._browser.press(shown, *buttons)
        one, other = await asyncio.gather(
            self._browser.press(shown, *buttons), self._browser.press(shown, *buttons)
        )
        if shown.path == DRAFTS and one.path != other.path:
            self.timeline.wrong.append(f"two clicks created two: {one.path}, {other.path}")
        return other

    async def _load_again(self, shown: Shown) -> Shown:
        """When the page says so. Raises Refused where it waits for nothing."""
        wait_s: float | None = refresh_s_of(shown.html)
        if wait_s is None:
            raise Refused(f"{shown.path} waits for nothing: {words_of(shown.html)[:300]}")
        self._reloads += 1
        if self.person.habit is Habit.RELOADS and self._reloads <= IMPATIENT_POLLS:
            wait_s = IMPATIENT_POLL_S
        await self._http.pause(wait_s)
        if self._http.is_over():
            raise TimeIsUp
        return await self._browser.open(shown.address)


def _buttons(shown: Shown) -> set[str]:
    return {button for form in forms_of(shown.html) for button in form.buttons}
