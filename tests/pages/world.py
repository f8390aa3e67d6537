"""What stands in the account before a page is shown: made once, when a state first needs it."""

import hashlib
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from meterai.domain.stamping.serials import serial_from_digest
from tests.applicant.client import Json, wait_until
from tests.e2e.customer import Customer
from tests.e2e.lane import losing
from tests.local.environment import Environment

NEVER_ISSUED = serial_from_digest(hashlib.sha256(b"never issued").digest())


@dataclass
class World:
    place: Environment
    newcomers: list[Customer] = field(default_factory=list)

    def newcomer(self) -> Customer:
        """Somebody who has bought nothing yet."""
        customer = Customer(self.place, f"{uuid.uuid4().hex[:12]}@pelamar.example")
        self.newcomers.append(customer)
        return customer

    @cached_property
    def owner(self) -> Customer:
        """Who bought four e-meterai, put one on a document and gave two back."""
        return self.newcomer()

    @cached_property
    def order(self) -> Json:
        return self.owner.paid_order(4)

    @cached_property
    def stamping(self) -> Json:
        return self.owner.stamped(self.order)

    @cached_property
    def refund(self) -> Json:
        """The money is there."""
        refund = self.owner.applicant.refund(self.order["order_id"], 1)
        self._until(refund, "confirmed")
        return refund

    @cached_property
    def waiting_refund(self) -> Json:
        """Promised, and not begun: its message got lost."""
        assert self.refund
        with losing(self.place, "RefundsQueue"):
            return self.owner.applicant.refund(self.order["order_id"], 1)

    @cached_property
    def homeless_refund(self) -> Json:
        """Of the same owner: paid from a virtual account, which takes nothing back."""
        order = self.owner.paid_order(1, method="virtual_account")
        refund = self.owner.applicant.refund(order["order_id"], 1)
        self._until(refund, "needs_account")
        return refund

    def _until(self, refund: Json, state: str) -> None:
        """The bank takes a moment, in which nothing here is at work."""
        wait_until(lambda: self.owner.applicant.refund_status(refund["refund_id"]), state)
        self.owner.settle()

    def publish_load(self) -> None:
        """What the pages say of waits is as of now."""
        outcome = self.place.account.fire_schedule("PublishLoadSnapshotFunction")
        assert outcome.error_type is None, outcome.payload
