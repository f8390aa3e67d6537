"""The harness on moto: the AWS adapters are the real ones, the gateway is the one in memory."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from meterai.aws.drafts.draft_items import draft_from
from meterai.aws.orders.order_items import order_from, order_item
from meterai.aws.orders.payments import _payment_from, payment_item
from meterai.aws.orders.refund_items import refund_from, refund_item
from meterai.aws.orders.serial_items import serial_from, serial_item
from meterai.domain.drafts.drafts import Draft
from meterai.ports import Upload
from tests.contract.backends import AwsBackend, Clients
from tests.contract.endpoints import forget_all_in_moto
from tests.fakes.in_memory_state import InMemoryState, Moment
from tests.fakes.ports import ports_of
from tests.faults.fault_injector import Kind
from tests.faults.harness import Harness, MonitoredApp
from tests.faults.invariants import findings_of
from tests.faults.monitor import Monitor
from tests.faults.on_aws.views import BucketView, BulkQueueView, QueueView, TableView
from tests.unit.steps.in_memory_app import BUYER, LETTER


def _draft_from(item: Any) -> Draft:
    """Every draft of a script is this buyer's."""
    return draft_from(item, BUYER)


def _not_written(draft: Draft) -> Any:
    raise TypeError(draft)


class AwsState(InMemoryState):
    def __init__(self, backend: AwsBackend, observers: Clients) -> None:
        super().__init__()
        tables, bucket, queues = backend.tables, backend.documents.bucket, backend.queues
        views: dict[str, Any] = {
            "orders": TableView(observers, tables.orders, ("order_id",), order_from, order_item),
            "serials": TableView(observers, tables.serials, ("serial",), serial_from, serial_item),
            "refunds": TableView(
                observers, tables.refunds, ("refund_id",), refund_from, refund_item
            ),
            "payments": TableView(
                observers, tables.payments, ("order_id", "payment_id"), _payment_from, payment_item
            ),
            "drafts": TableView(
                observers, tables.drafts, ("account", "draft_id"), _draft_from, _not_written
            ),
            "documents": BucketView(observers, bucket, "documents/"),
            "stamped": BucketView(observers, bucket, "stamped/"),
            "augmented": BucketView(observers, bucket, "preserved/"),
            **{f"{lane}_lane": QueueView(observers, url) for lane, url in queues.items()},
            "bulk_lane": BulkQueueView(observers, queues["bulk"]),
        }
        vars(self).update(views)
        self.s3, self.bucket = observers.s3, bucket

    def content_at(self, url: str) -> bytes | None:
        """`inspect` is in memory, and is given a presigned address."""
        key = urlsplit(url).path.lstrip("/")
        try:
            return self.s3.get_object(Bucket=self.bucket, Key=key)["Body"].read()
        except self.s3.exceptions.NoSuchKey:
            return None

    def as_it_stands(self) -> InMemoryState:
        still = InMemoryState(self.now)
        for name in ("orders", "serials", "refunds", "payments", "stamped", "augmented", "drafts"):
            getattr(still, name).update(getattr(self, name))
        still.charges, still.payouts = self.charges, self.payouts
        still.tickets, still.paused_since = self.tickets, self.paused_since
        still.receipts, still.receipt_keys = self.receipts, self.receipt_keys
        still.receipt_statements = self.receipt_statements
        return still


class AwsMonitor(Monitor):
    """Checks signatures at once and everything else when idle: each access is a request."""

    def check(self, call: str) -> None:
        if call == "Stamper.stamp":
            self.findings += findings_of(self._no_signature_without_a_claimed_serial)


@dataclass
class AwsApp(MonitoredApp):
    state: AwsState
    backend: AwsBackend = field(kw_only=True)

    def __post_init__(self) -> None:
        adapters: dict[str, Any] = {
            name: getattr(self.backend, name)
            for name in (
                "orders",
                "payments",
                "serials",
                "refunds",
                "order_timers",
                "serial_timers",
                "refund_timers",
                "documents",
                "day_reports",
                "public_days",
                "lanes",
                "waiting_room",
                "drafts",
            )
        }
        self.ports = replace(ports_of(self.state), **adapters)

    def upload(self, content: bytes = LETTER, by: str = BUYER) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.state.documents[by, sha256] = content
        return sha256

    def send(self, form: Upload, content: bytes) -> None:
        self.state.s3.put_object(Bucket=self.state.bucket, Key=form.fields["key"], Body=content)


def aws_harness(
    clients: Clients, observers: Clients, plan: Mapping[tuple[int, Moment], Kind] | None = None
) -> Harness:
    forget_all_in_moto()
    backend = AwsBackend(clients)
    app = AwsApp(AwsState(backend, observers), backend=backend)
    return Harness(plan, app=app, monitor=AwsMonitor)
