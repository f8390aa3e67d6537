"""The AWS calls of each step: write units by table and index, calls, requests.

As `make bench` meters them: a test compares the totals. Which table they fall on follows from the
code of `meterai/aws`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# How many partition keys an index has, where they are few. All other keys are hashes.
SHARDS = {
    "Orders/by_next_check": 16,
    "Serials/by_next_check": 16,
    "Payments/by_day": 16,
    "WaitingRoom/by_issue": 16,
}


@dataclass(frozen=True, slots=True)
class Step:
    """For one order, webhook or e-meterai."""

    writes: Mapping[str, int]
    reads: float = 0
    dynamodb_calls: int = 0
    s3_calls: int = 0
    sqs_calls: int = 0


PURCHASE = Step(
    {"Orders": 2, "Orders/by_account": 1, "Orders/by_next_check": 1},
    reads=0.5,  # the account's other orders, from the index
    dynamodb_calls=3,
)
WEBHOOK = Step({}, sqs_calls=1)
# A webhook that says "pending" is confirmed with the gateway as well, and changes nothing.
CONFIRM = Step(
    {"Payments": 1, "Payments/by_day": 1, "Orders": 1, "Orders/by_next_check": 1},
    reads=1,
    dynamodb_calls=3,
)
POLL = Step({}, reads=1, dynamodb_calls=1)
REQUEST = Step(  # a transaction counts double, except in indexes
    {"Orders": 2, "Serials": 2, "Serials/by_next_check": 1},
    reads=1,
    dynamodb_calls=2,
    s3_calls=1,
    sqs_calls=1,
)
STAMP = Step({"Serials": 2, "Serials/by_next_check": 1}, dynamodb_calls=2, s3_calls=2)
TICKET = Step({"WaitingRoom": 1, "WaitingRoom/by_issue": 1}, dynamodb_calls=1)
TABLES = tuple(
    sorted({name for step in (PURCHASE, CONFIRM, REQUEST, STAMP, TICKET) for name in step.writes})
)
