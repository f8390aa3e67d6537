"""One sale of two and one stamping of it, by the deployed handlers, and what each step used."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from meterai.aws.tables.attributes import item_of
from tests.benchmarks.metered_app import ACCOUNT, Json, MeteredApp
from tests.metering import Usage

DOCUMENT = Path(__file__).parents[1] / "fixtures" / "documents" / "surat-lamaran.pdf"
BUYER_OF = 2  # most buyers need two: the application and the statement
BUYING = ("purchase", "receive_webhook", "confirm_payment")
STAMPING = ("create_upload", "request_stamping", "stamp")

Used = dict[str, Usage]


def sell_and_stamp(app: MeteredApp) -> tuple[Json, Used]:
    """Sell two, put one of them on a document. The order afterwards, and the usage by function."""
    order, used = sell(app)
    _, requested = request_stamp(app, order)
    _, used["stamp"] = app.measured(lambda: app.work("stamp", "StampingQueueUrl"))
    order = app.request("read_order", "GET", f"/v1/orders/{order['order_id']}")
    return order, used | requested


def pass_an_hour() -> None:
    """The account's orders of this run become an hour older: a sale reads those of the last quarter
    of an hour."""
    from meterai.aws.clients import dynamodb
    from meterai.container import container

    hour_ago = datetime.now(UTC) - timedelta(hours=1)
    for order_id in container.orders.of_account(ACCOUNT, since=hour_ago):
        dynamodb().update_item(
            TableName=container.settings.orders_table,
            Key=item_of({"order_id": order_id}),
            UpdateExpression="SET created_at = :at",
            ExpressionAttributeValues=item_of({":at": hour_ago}),
        )


def sell(app: MeteredApp) -> tuple[Json, Used]:
    """An order that is bought and paid."""
    used: Used = {}
    order, used["purchase"] = app.measured(
        lambda: app.request("purchase", "POST", "/v1/orders", {"quantity": BUYER_OF})
    )
    _, used["receive_webhook"] = app.measured(lambda: _pay(app, order))
    _, used["confirm_payment"] = app.measured(
        lambda: app.work("confirm_payment", "PaymentsQueueUrl")
    )
    return order, used


def request_stamp(app: MeteredApp, order: Json, *, bulk: bool = False) -> tuple[Json, Used]:
    """Upload a document and request its stamping, which then waits in its lane."""
    used: Used = {}
    content = DOCUMENT.read_bytes()
    document = hashlib.sha256(content).hexdigest()
    offered = {"sha256": document, "size_bytes": len(content)}
    offer, used["create_upload"] = app.measured(
        lambda: app.request("create_upload", "POST", "/v1/documents", offered)
    )
    app.upload(content, offer)
    request = {
        "order_id": order["order_id"],
        "document": document,
        "placements": [{"page": 1, "x_pt": 338.0, "y_pt": 221.0, "side_pt": 76.0}],
        "reason": "Surat lamaran",
        "portal": "sscasn",
        "bulk": bulk,
    }
    stamping, used["request_stamping"] = app.measured(
        lambda: app.request("request_stamping", "POST", "/v1/stampings", request)
    )
    return stamping, used


def read(app: MeteredApp, order: Json) -> Used:
    """Read the order, its stamping, and the address that its QR code names."""
    stamping_id = order["stampings"][0]
    used: Used = {}
    for function, path in (
        ("read_order", f"/v1/orders/{order['order_id']}"),
        ("read_stamping", f"/v1/stampings/{stamping_id}"),
        ("read_serial", f"/S/{stamping_id}"),
    ):
        _, used[function] = app.measured(partial(app.request, function, "GET", path))
    return used


def refund_one(app: MeteredApp, order: Json) -> Used:
    """Request a refund for the one that was not used, and execute it."""
    used: Used = {}
    path = f"/v1/orders/{order['order_id']}/refunds"
    refund, used["request_refund"] = app.measured(
        lambda: app.request("request_refund", "POST", path, {"quantity": 1})
    )
    _, used["execute_refund"] = app.measured(lambda: app.work("execute_refund", "RefundsQueueUrl"))
    _, used["read_refund"] = app.measured(
        lambda: app.request("read_refund", "GET", f"/v1/refunds/{refund['refund_id']}")
    )
    return used


def total(usages: list[Usage]) -> Usage:
    whole = Usage()
    for usage in usages:
        whole.calls += usage.calls
        whole.write_units += usage.write_units
        whole.read_units += usage.read_units
        whole.items_read += usage.items_read
    return whole


def _pay(app: MeteredApp, order: Json) -> None:
    """The buyer pays, and the gateway's webhook reaches its function."""
    if not app.gateway.pay(f"{order['order_id']}-1"):
        raise RuntimeError("the charge could not be paid")
    app.deliver_webhook(f"{order['order_id']}-1")
