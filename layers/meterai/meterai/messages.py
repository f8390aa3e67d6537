"""The messages in the queues. Bytes become typed values here."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from meterai.domain.id_derivation import ChargeId, OrderId, RefundId
from meterai.domain.stamping.serials import Serial
from meterai.gateways.names import GatewayName


class Message(BaseModel):
    # The contents of a message that cannot be read are not logged.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WebhookReceived(Message):
    """A gateway's webhook, raw: its signature is checked, its contents are not trusted."""

    kind: Literal["webhook"] = "webhook"
    gateway: GatewayName
    body: str


class CheckOrder(Message):
    """Check an order whose payment is not known."""

    kind: Literal["order"] = "order"
    order_id: OrderId


class CheckCharge(Message):
    """Ask a gateway about money that its records and ours disagree on, as after a webhook."""

    kind: Literal["charge"] = "charge"
    gateway: GatewayName
    charge_id: ChargeId
    transaction_id: str


class StampDocument(Message):
    """Stamp one document with these e-meterai, the first of which names the stamping."""

    serials: Annotated[tuple[Serial, ...], Field(min_length=1, max_length=8)]
    bulk: bool = False  # came by the bulk lane: its dwell says nothing about applicants


class ExecuteRefund(Message):
    refund_id: Annotated[RefundId, StringConstraints(pattern=r"^rfd_[A-Z2-7]{26}$")]


class AugmentStamp(Message):
    """Augment the stamped file of the stamping that this e-meterai names."""

    serial: Serial


PaymentsMessage = Annotated[WebhookReceived | CheckOrder | CheckCharge, Field(discriminator="kind")]
