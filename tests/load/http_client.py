"""The HTTP client of one buyer, with retries."""

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

Json = dict[str, Any]

RETRY_AFTER_S = (0.5, 3.0)  # without a Retry-After header; random, so that retries spread
NO_ANSWER = 0
TRANSIENT = (NO_ANSWER, 429, 500, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Reply:
    """As it came. `status` NO_ANSWER: the connection failed or timed out."""

    status: int
    headers: CIMultiDictProxy[str]
    content: bytes

    @property
    def retry_after_s(self) -> float | None:
        after = self.headers.get("retry-after")
        return float(after) if after else None


@dataclass(frozen=True, slots=True)
class Answer:
    """Of the API."""

    status: int
    body: Json
    retry_after_s: float | None = None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300

    @property
    def code(self) -> str:
        return str(self.body.get("code", ""))


class HttpClient:
    """For one person. Counts the answers' statuses in `answers`. `token`: for the API."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        token: str | None,
        answers: Counter[int],
        chance: random.Random,
        until_s: float,
    ) -> None:
        self.session = session
        self.until_s = until_s
        self._api_url = api_url
        self._headers = {"authorization": f"Bearer {token}"} if token else {}
        self._answers = answers
        self._chance = chance

    async def send(
        self,
        method: str,
        url: str,
        *,
        data: bytes | aiohttp.FormData | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """One request, and its answer of any status. No redirect is followed."""
        try:
            async with self.session.request(
                method,
                URL(url, encoded=True),
                data=data,
                headers=headers,
                allow_redirects=False,
            ) as response:
                content = await response.read()
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            self._answers[NO_ANSWER] += 1
            return Reply(NO_ANSWER, CIMultiDictProxy(CIMultiDict()), b"")
        self._answers[response.status] += 1
        return Reply(response.status, response.headers, content)

    async def ask(
        self,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request to the API, and its answer of any status."""
        sent = {**self._headers, **(headers or {})}
        if body is not None:
            sent |= {"content-type": "application/json", "idempotency-key": key or ""}
        data = None if body is None else json.dumps(body).encode()
        reply = await self.send(method, self._api_url + path, data=data, headers=sent)
        try:
            answered = json.loads(reply.content)
        except ValueError:
            answered = {}
        return Answer(reply.status, answered, reply.retry_after_s)

    async def insist(
        self, path: str, body: Json, *, key: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """A POST, repeated with the same key until its answer is final or the time is up."""
        while True:
            answer = await self.ask("POST", path, body, key=key, headers=headers)
            if answer.status not in TRANSIENT or answer.code == "buying_paused" or self.is_over():
                return answer
            await self.pause(answer.retry_after_s)

    async def pause(self, wanted_s: float | None = None) -> None:
        """Wait this long and a little more, but not past the end."""
        low_s, high_s = RETRY_AFTER_S
        wait_s = self._chance.uniform(low_s, high_s) if wanted_s is None else wanted_s
        spread_s = wait_s * self._chance.uniform(1.0, 1.1)
        await asyncio.sleep(max(0.0, min(spread_s, self.until_s - time.time())))

    def is_over(self) -> bool:
        return time.time() >= self.until_s
