"""The size of an item by DynamoDB's own rules (developer guide, "DynamoDB item sizes and formats").

Names and texts count their UTF-8 bytes. Binary values count their bytes. Numbers count half a byte
for each digit, one more byte, and one for a minus sign. Lists and maps count three bytes, and one
for each element.
"""

from decimal import Decimal

from meterai.aws.tables.attributes import Item

WRITE_UNIT_BYTES = 1_024
READ_UNIT_BYTES = 4_096


def size_of(item: Item) -> int:
    return sum(len(name.encode()) + _size_of_value(value) for name, value in item.items())


def _size_of_value(value: object) -> int:
    match value:
        case {"S": str(text)}:
            return len(text.encode())
        case {"B": bytes(content)}:
            return len(content)
        case {"N": str(number)}:
            sign, digits, _ = Decimal(number).normalize().as_tuple()
            return (len(digits) + 1) // 2 + 1 + sign
        case {"SS": list(members)}:
            return 3 + sum(len(member.encode()) for member in members)
        case {"L": list(elements)}:
            return 3 + sum(1 + _size_of_value(element) for element in elements)
        case {"M": dict(members)}:
            return 3 + sum(
                1 + len(name.encode()) + _size_of_value(member) for name, member in members.items()
            )
        case _:
            raise TypeError(f"no attribute of an item has the value {value!r}")
