"""What each operation asks of AWS: calls, write and read units, signatures; and what that costs.

The handlers run as they are deployed, on the template's tables and indexes at ministack, which
counts units as AWS does (moto does not). Each operation is measured warm, when the secrets and the
signing identity have been read, and on its fault-free path.
"""

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from tests.benchmarks.metered_office import Json, MeteredOffice, metered_office
from tests.benchmarks.prices import CostLine, cost_lines
from tests.contract.ministack import INSTALL_MINISTACK, interpreter
from tests.metering import Usage

OUT = Path("out/bench/calls.json")
DOCUMENT = Path(__file__).parents[1] / "fixtures" / "documents" / "surat-lamaran.pdf"
BUYER_OF = 2  # most buyers need two: the application and the statement
POLLS = 2  # looks at a stamping until it is done
REQUESTS_OF_A_SALE = 4  # the order, one look at it, and two notices: pending and settled
REQUESTS_OF_A_STAMP = 2  # the upload's address and the stamping


@dataclass(frozen=True, slots=True)
class Row:
    operation: str
    aws_calls: float
    write_units: float
    read_units: float
    kms_signs: float


@dataclass(frozen=True, slots=True)
class Measured:
    """A row an operation, and where the money for one stamp goes."""

    rows: list[Row]
    costs: list[CostLine]


def measure(office: MeteredOffice) -> Measured:
    _sell_and_stamp(office)  # warm: what an instance reads once has been read
    sale = _sell_and_stamp(office)
    others = {**_reading(office), **_refunding(office)}
    buying = [sale["purchase"], sale["receive_notice"], sale["confirm_payment"]]
    stamping = [sale["offer_upload"], sale["request_stamping"], sale["stamp"]]
    polling = [others["read_stamping"]]
    all_in = _together([*buying, *(BUYER_OF * stamping)])
    rows = [_row(operation, usage) for operation, usage in {**sale, **others}.items()]
    rows.append(_row("sale_of_two", _together(buying)))
    rows.append(_row("per_stamp_all_in", all_in, share=1 / BUYER_OF))
    with_polls = _together([all_in, *(BUYER_OF * POLLS * polling)])
    requests = REQUESTS_OF_A_SALE + BUYER_OF * (REQUESTS_OF_A_STAMP + POLLS)
    return Measured(rows, cost_lines(with_polls, stamps=BUYER_OF, requests=requests))


def _together(usages: list[Usage]) -> Usage:
    whole = Usage()
    for usage in usages:
        whole.calls += usage.calls
        whole.write_units += usage.write_units
        whole.read_units += usage.read_units
    return whole


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
        _, used[function] = office.measured(partial(office.request, function, "GET", path))
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


def _row(operation: str, usage: Usage, share: float = 1) -> Row:
    return Row(
        operation=operation,
        aws_calls=share * usage.calls.total(),
        write_units=share * usage.write_units,
        read_units=share * usage.read_units,
        kms_signs=share * usage.kms_signs,
    )


def show(measured: Measured, console: Console) -> None:
    calls = Table("operation", "AWS calls", "write units", "read units", "KMS signs")
    for row in measured.rows:
        counts = (row.aws_calls, row.write_units, row.read_units, row.kms_signs)
        calls.add_row(row.operation, *(f"{count:g}" for count in counts))
    console.print(calls)
    costs = Table("of one stamp", "count", "USD for 1,000 stamps")
    for line in measured.costs:
        costs.add_row(line.item, f"{line.count:g}", f"{line.usd_per_1000:.4f}")
    total = sum(line.usd_per_1000 for line in measured.costs)
    costs.add_row("together, without Lambda's time", "", f"{total:.4f}")
    console.print(costs)


def main(out: Path = OUT) -> int:
    python = interpreter()
    if python is None:
        sys.stderr.write(f"{INSTALL_MINISTACK}\n")
        return 1
    with metered_office(python) as office:
        measured = measure(office)
    show(measured, Console())
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps([asdict(row) for row in measured.rows], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:])))
