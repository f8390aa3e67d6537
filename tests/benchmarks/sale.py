"""One sale of two and one stamping of it, by the office's own handlers; what each step used."""

import hashlib
from functools import partial
from pathlib import Path

from tests.benchmarks.metered_app import Json, MeteredOffice
from tests.metering import Usage

DOCUMENT = Path(__file__).parents[1] / "fixtures" / "documents" / "surat-lamaran.pdf"
BUYER_OF = 2  # most buyers need two: the application and the statement
BUYING = ("purchase", "receive_webhook", "confirm_payment")
STAMPING = ("create_upload", "request_stamping", "stamp")

Used = dict[str, Usage]


def sell_and_stamp(office: MeteredOffice) -> tuple[Json, Used]:
    """The order as it is then, with one of its two on a document; usage by function."""
    order, used = sell(office)
    _, requested = ask_for_stamp(office, order)
    _, used["stamp"] = office.measured(lambda: office.work("stamp", "StampingQueueUrl"))
    order = office.request("read_order", "GET", f"/v1/orders/{order['order_id']}")
    return order, used | requested


def sell(office: MeteredOffice) -> tuple[Json, Used]:
    """Bought and paid."""
    used: Used = {}
    order, used["purchase"] = office.measured(
        lambda: office.request("purchase", "POST", "/v1/orders", {"quantity": BUYER_OF})
    )
    _, used["receive_webhook"] = office.measured(lambda: _pay(office, order))
    _, used["confirm_payment"] = office.measured(
        lambda: office.work("confirm_payment", "PaymentsQueueUrl")
    )
    return order, used


def ask_for_stamp(office: MeteredOffice, order: Json, *, bulk: bool = False) -> tuple[Json, Used]:
    """The document is uploaded, and its stamping waits in its lane."""
    used: Used = {}
    content = DOCUMENT.read_bytes()
    document = hashlib.sha256(content).hexdigest()
    offered = {"sha256": document, "size_bytes": len(content)}
    offer, used["create_upload"] = office.measured(
        lambda: office.request("create_upload", "POST", "/v1/documents", offered)
    )
    office.upload(content, offer)
    wanted = {
        "order_id": order["order_id"],
        "document": document,
        "placements": [{"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}],
        "reason": "Surat lamaran",
        "portal": "sscasn",
        "bulk": bulk,
    }
    stamping, used["request_stamping"] = office.measured(
        lambda: office.request("request_stamping", "POST", "/v1/stampings", wanted)
    )
    return stamping, used


def read(office: MeteredOffice, order: Json) -> Used:
    """The order, its stamping, and what its QR says."""
    stamping_id = order["stampings"][0]
    used: Used = {}
    for function, path in (
        ("read_order", f"/v1/orders/{order['order_id']}"),
        ("read_stamping", f"/v1/stampings/{stamping_id}"),
        ("read_serial", f"/S/{stamping_id}"),
    ):
        _, used[function] = office.measured(partial(office.request, function, "GET", path))
    return used


def give_back(office: MeteredOffice, order: Json) -> Used:
    """The one of the two that was not used."""
    used: Used = {}
    path = f"/v1/orders/{order['order_id']}/refunds"
    refund, used["request_refund"] = office.measured(
        lambda: office.request("request_refund", "POST", path, {"quantity": 1})
    )
    _, used["execute_refund"] = office.measured(
        lambda: office.work("execute_refund", "RefundsQueueUrl")
    )
    _, used["read_refund"] = office.measured(
        lambda: office.request("read_refund", "GET", f"/v1/refunds/{refund['refund_id']}")
    )
    return used


def together(usages: list[Usage]) -> Usage:
    whole = Usage()
    for usage in usages:
        whole.calls += usage.calls
        whole.write_units += usage.write_units
        whole.read_units += usage.read_units
        whole.items_read += usage.items_read
    return whole


def _pay(office: MeteredOffice, order: Json) -> None:
    """The buyer pays, and the gateway's notice reaches its function."""
    if not office.gateway.pay(f"{order['order_id']}-1"):
        raise RuntimeError("the charge could not be paid")
    office.deliver_notice(f"{order['order_id']}-1")
