"""What each step asks of AWS: write units by table and index, calls, requests.

As `make bench` meters them (its totals are checked against these by a test); which of them fall on
which table is README's cost table and the code of `meterai/aws`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

# How many partition keys an index has, where they are few; all other keys are hashes.
SHARDS = {
    "Orders/by_next_check": 16,
    "Serials/by_next_check": 16,
    "Payments/by_day": 16,
    "Places/by_issue": 16,
}


@dataclass(frozen=True, slots=True)
class Step:
    """For one order, notice or e-meterai."""

    writes: Mapping[str, int]
    reads: float = 0
    dynamodb_calls: int = 0
    s3_calls: int = 0
    sqs_calls: int = 0


PURCHASE = Step({"Orders": 2, "Orders/by_account": 1, "Orders/by_next_check": 1}, dynamodb_calls=2)
NOTICE = Step({}, sqs_calls=1)
# A notice that says "pending" is asked about as well, and changes nothing.
CONFIRM = Step(
    {"Payments": 1, "Payments/by_day": 1, "Orders": 1, "Orders/by_next_check": 1},
    reads=1,
    dynamodb_calls=3,
)
LOOK = Step({}, reads=1, dynamodb_calls=1)
REQUEST = Step(  # a transaction counts double, but not in indexes
    {"Orders": 2, "Serials": 2, "Serials/by_next_check": 1},
    reads=1,
    dynamodb_calls=2,
    s3_calls=1,
    sqs_calls=1,
)
STAMP = Step({"Serials": 2, "Serials/by_next_check": 1}, dynamodb_calls=2, s3_calls=2)
PLACE = Step({"Places": 1, "Places/by_issue": 1}, dynamodb_calls=1)
TABLES = tuple(
    sorted({name for step in (PURCHASE, CONFIRM, REQUEST, STAMP, PLACE) for name in step.writes})
)
