"""One account that orders eight e-meterai again and again, and never pays."""

import asyncio
import random
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from tests.load.http_client import HttpClient

USERNAME = "pemborong@example.id"
AT_ONCE = 4
EVERY_S = 1.0  # each of them
QUANTITY = 8


@dataclass(slots=True)
class Attack:
    """How many orders it got, and the answers' codes to all others."""

    orders: int = 0
    refused: Counter[str] = field(default_factory=Counter)


async def attack(
    session: aiohttp.ClientSession,
    api_url: str,
    token: str,
    result: Attack,
    from_s: float,
    until_s: float,
) -> None:
    """From the first buyer until `until_s` (Unix), whatever the answers say."""
    http = HttpClient(session, api_url, token, Counter(), random.Random(0), until_s)
    await asyncio.sleep(max(0.0, from_s - time.time()))
    await asyncio.gather(*(_order(http, result) for _ in range(AT_ONCE)))


async def _order(http: HttpClient, result: Attack) -> None:
    body = {"quantity": QUANTITY, "method": "qris"}
    while not http.is_over():
        answer = await http.ask("POST", "/v1/orders", body, key=uuid.uuid4().hex)
        if answer.is_good:
            result.orders += 1
        else:
            result.refused[answer.code or str(answer.status)] += 1
        await asyncio.sleep(EVERY_S)
