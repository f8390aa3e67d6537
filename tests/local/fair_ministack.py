"""ministack with fair queues (`fair_queues.py`) and a throttling switch (`throttling.py`).

    python -m tests.local.fair_ministack

It runs in ministack's own environment, where the project is not installed. So it imports nothing
else of the project.
"""

from collections import Counter
from time import time
from typing import Any

from ministack import app as ministack  # type: ignore[import-not-found]
from ministack.services import sqs  # type: ignore[import-not-found]

from tests.local.fair_queues import FairQueue, QueuePosition
from tests.local.throttling import Throttling

_ministacks_collect = sqs._collect_msgs
_fair: dict[str, FairQueue] = {}


def _collect(queue: dict[str, Any], most: int, hidden_for_s: int) -> list[dict[str, Any]]:
    if queue["is_fifo"]:
        collected: list[dict[str, Any]] = _ministacks_collect(queue, most, hidden_for_s)
        return collected
    fair = _fair.setdefault(queue["url"], FairQueue())
    now_s = time()
    in_turn = fair.in_turn((_standing(one, now_s) for one in queue["messages"]), now_s)
    collected = _ministacks_collect({**queue, "messages": in_turn}, most, hidden_for_s)
    fair.record_in_flight(
        Counter(_tenant(one) for one in queue["messages"] if _is_in_flight(one, now_s))
    )
    return collected


def _standing(message: dict[str, Any], now_s: float) -> QueuePosition[dict[str, Any]]:
    return QueuePosition(
        _tenant(message), message["sent_at"], _is_in_flight(message, now_s), message
    )


def _tenant(message: dict[str, Any]) -> str:
    return str(message.get("group_id") or message["id"])


def _is_in_flight(message: dict[str, Any], now_s: float) -> bool:
    return bool(message["receive_count"] > 0 and message["visible_at"] > now_s)


if __name__ == "__main__":
    sqs._collect_msgs = _collect
    ministack.app = Throttling(ministack.app)
    ministack.main()
