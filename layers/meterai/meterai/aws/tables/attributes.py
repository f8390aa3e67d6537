"""How the office's values lie in a DynamoDB item: text, numbers, times, lists, maps and sets.

What is None is left out. Times are UTC text of one width, so that they sort as they follow.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item: TypeAlias = Mapping[str, "AttributeValueTypeDef"]
NewItem: TypeAlias = "dict[str, AttributeValueTypeDef]"
Value: TypeAlias = (
    str | int | float | datetime | Sequence[str] | frozenset[str] | Mapping[str, str] | None
)


def item_of(values: Mapping[str, Value]) -> NewItem:
    return {name: attribute_of(value) for name, value in values.items() if value is not None}


def attribute_of(value: Value) -> "AttributeValueTypeDef":
    match value:
        case str():
            return {"S": str(value)}  # a StrEnum becomes its text
        case int() | float():
            return {"N": repr(value)}
        case datetime():
            return {"S": text_of_time(value)}
        case Mapping():
            return {"M": {name: {"S": text} for name, text in value.items()}}
        case frozenset():
            return {"SS": sorted(value)}
        case Sequence():
            return {"L": [{"S": text} for text in value]}
        case None:
            return {"NULL": True}


def text_of_time(at: datetime) -> str:
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def time_of_text(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def text(item: Item, name: str) -> str:
    return item[name]["S"]


def maybe_text(item: Item, name: str) -> str | None:
    return item[name]["S"] if name in item else None


def texts(item: Item, name: str) -> tuple[str, ...]:
    return tuple(one["S"] for one in item[name]["L"]) if name in item else ()


def text_set(item: Item, name: str) -> tuple[str, ...]:
    return tuple(sorted(item[name]["SS"])) if name in item else ()


def whole(item: Item, name: str) -> int:
    return int(item[name]["N"])


def maybe_whole(item: Item, name: str) -> int:
    """0 where it is not there."""
    return whole(item, name) if name in item else 0


def decimal(item: Item, name: str) -> float:
    return float(item[name]["N"])


def time(item: Item, name: str) -> datetime:
    return time_of_text(item[name]["S"])


def maybe_time(item: Item, name: str) -> datetime | None:
    return time_of_text(item[name]["S"]) if name in item else None
