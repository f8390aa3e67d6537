"""What each operation asks of AWS: calls, write and read units, signatures; and what that costs.

The handlers run as they are deployed, on the template's tables and indexes at ministack, which
counts units as AWS does (moto does not). Each operation is measured warm, when the secrets and the
signing identity have been read, and on its fault-free path.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.metered_office import Json, MeteredOffice
from tests.metering import Usage

DOCUMENT = Path(__file__).parents[1] / "fixtures" / "documents" / "surat-lamaran.pdf"
BUYER_OF = 2  # DESIGN.md's budget is for a buyer of two


@dataclass(frozen=True, slots=True)
class Row:
    operation: str
    aws_calls: float
    write_units: float
    read_units: float
    kms_signs: float


def measure(office: MeteredOffice) -> Iterator[Row]:
    """A row for each operation, then for a sale of two, and for one stamp with all it takes."""
    _sell_and_stamp(office)  # warm: what an instance reads once has been read
    sale = _sell_and_stamp(office)
    yield from (_row(operation, usage) for operation, usage in sale.items())
    yield from (_row(operation, usage) for operation, usage in _reading(office).items())
    yield from (_row(operation, usage) for operation, usage in _refunding(office).items())
    buying = [sale["purchase"], sale["receive_notice"], sale["confirm_payment"]]
    stamping = [sale["offer_upload"], sale["request_stamping"], sale["stamp"]]
    yield _row("sale_of_two", *buying)
    yield _row("per_stamp_all_in", *buying, *(BUYER_OF * stamping), share=1 / BUYER_OF)


def _sell_and_stamp(office: MeteredOffice) -> dict[str, Usage]:
    """The fault-free path of one order of two and one stamping; what each step used."""
    used: dict[str, Usage] = {}
    order, used["purchase"] = office.measured(lambda: _buy(office))
    _, used["receive_notice"] = office.measured(lambda: _pay(office, order))
    _, used["confirm_payment"] = office.measured(
        lambda: office.work("confirm_payment", "PaymentsQueueUrl")
    )
    content = DOCUMENT.read_bytes()
    document = hashlib.sha256(content).hexdigest()
    offer, used["offer_upload"] = office.measured(
        lambda: office.request(
            "offer_upload",
            "POST",
            "/v1/documents",
            {"sha256": document, "size_bytes": len(content)},
        )
    )
    office.upload(content, offer)
    _, used["request_stamping"] = office.measured(
        lambda: office.request(
            "request_stamping",
            "POST",
            "/v1/stampings",
            {
                "order_id": order["order_id"],
                "document": document,
                "placements": [{"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}],
                "reason": "Surat lamaran",
                "portal": "sscasn",
            },
        )
    )
    _, used["stamp"] = office.measured(lambda: office.work("stamp", "StampingQueueUrl"))
    return used


def _reading(office: MeteredOffice) -> dict[str, Usage]:
    order = _newest_order(office)
    stamping_id = order["stampings"][0]
    used: dict[str, Usage] = {}
    for function, path in (
        ("read_order", f"/v1/orders/{order['order_id']}"),
        ("read_stamping", f"/v1/stampings/{stamping_id}"),
        ("read_serial", f"/S/{stamping_id}"),
    ):
        _, used[function] = office.measured(
            lambda function=function, path=path: office.request(function, "GET", path)
        )
    return used


def _refunding(office: MeteredOffice) -> dict[str, Usage]:
    order, used = _newest_order(office), dict[str, Usage]()
    _, used["request_refund"] = office.measured(
        lambda: office.request(
            "request_refund", "POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 1}
        )
    )
    _, used["execute_refund"] = office.measured(
        lambda: office.work("execute_refund", "RefundsQueueUrl")
    )
    return used


def _buy(office: MeteredOffice) -> Json:
    return office.request("purchase", "POST", "/v1/orders", {"quantity": BUYER_OF})


def _pay(office: MeteredOffice, order: Json) -> None:
    """The buyer pays, and the gateway's notice reaches its function."""
    if not office.gateway.pay(f"{order['order_id']}-1"):
        raise RuntimeError("the charge could not be paid")
    office.deliver_notice(f"{order['order_id']}-1")


def _newest_order(office: MeteredOffice) -> Json:
    books = office.request("read_books", "GET", "/v1/books")["books"]
    order_id = books["orders"][0]["order_id"]
    return office.request("read_order", "GET", f"/v1/orders/{order_id}")


def _row(operation: str, *usages: Usage, share: float = 1) -> Row:
    return Row(
        operation=operation,
        aws_calls=share * sum(usage.calls.total() for usage in usages),
        write_units=share * sum(usage.write_units for usage in usages),
        read_units=share * sum(usage.read_units for usage in usages),
        kms_signs=share * sum(usage.kms_signs for usage in usages),
    )


def as_json(rows: list[Row]) -> list[dict[str, Any]]:
    return [asdict(row) for row in rows]
