"""How values are stored in a DynamoDB item: text, bytes, numbers, times, lists, maps and sets.

None is left out. Times are UTC text of one width, so that sorting the text sorts the times.

Every item has its schema version in `v`. An item without `v` is version 1: its SHA-256 values are
hex text. From version 2 they are 32 bytes. A version 1 item keeps its version when it is updated;
the attributes that were written since are bytes, so a digest is read by its own type. What else
changes within a version is told by the attribute itself (`serial_items`: outputs with a size).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

Item: TypeAlias = Mapping[str, "AttributeValueTypeDef"]
NewItem: TypeAlias = "dict[str, AttributeValueTypeDef]"
Value: TypeAlias = (
    str
    | bytes
    | int
    | float
    | datetime
    | Sequence[str]
    | Sequence[bytes]
    | Sequence[Mapping[str, "Value"]]
    | frozenset[str]
    | Mapping[str, "Value"]
    | None
)

SCHEMA_VERSION: Final = {"v": 2}
"""What is written into every new item; see above."""


def new_item(values: Mapping[str, Value]) -> NewItem:
    """A whole item, with its schema version."""
    return item_of({**values, **SCHEMA_VERSION})


def item_of(values: Mapping[str, Value]) -> NewItem:
    return {name: attribute_of(value) for name, value in values.items() if value is not None}


def attribute_of(value: Value) -> "AttributeValueTypeDef":
    match value:
        case str():
            return {"S": str(value)}  # a StrEnum becomes its text
        case bytes():
            return {"B": value}
        case int() | float():
            return {"N": repr(value)}
        case datetime():
            return {"S": text_of_time(value)}
        case Mapping():
            return {"M": item_of(value)}
        case frozenset():
            return {"SS": sorted(value)}
        case Sequence():
            return {"L": [attribute_of(one) for one in value]}
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


def maps(item: Item, name: str) -> tuple[Item, ...]:
    return tuple(one["M"] for one in item[name]["L"]) if name in item else ()


def digest(item: Item, name: str) -> str:
    """A SHA-256 in hex, from an item of any version."""
    return _hex(item[name])


def hex_texts(item: Item, name: str) -> tuple[str, ...]:
    """Bytes in hex, from an item of any version."""
    return tuple(_hex(one) for one in item[name]["L"]) if name in item else ()


def _hex(attribute: "AttributeValueTypeDef") -> str:
    return attribute["S"] if "S" in attribute else bytes(attribute["B"]).hex()


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
