"""What lies in the queues. Bytes become facts here."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from meterai.domain.id_derivation import ChargeId, OrderId, RefundId
from meterai.domain.stamping.serials import Serial
from meterai.gateways.names import GatewayName


class Message(BaseModel):
    # What a message holds does not go into the log of one that could not be read.
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WebhookReceived(Message):
    """A gateway's notice, raw: its signature is checked, its contents are not believed."""

    kind: Literal["webhook"] = "webhook"
    gateway: GatewayName
    body: str


class CheckOrder(Message):
    """Look at an order whose payment is not known."""

    kind: Literal["order"] = "order"
    order_id: OrderId


class CheckCharge(Message):
    """Ask a gateway about money that its record tells of otherwise than ours: as after a notice."""

    kind: Literal["charge"] = "charge"
    gateway: GatewayName
    charge_id: ChargeId
    transaction_id: str


class StampDocument(Message):
    """Stamp one document with these e-meterai, the first of which names the stamping."""

    serials: Annotated[tuple[Serial, ...], Field(min_length=1, max_length=8)]
    bulk: bool = False  # came by the bulk lane: how long it waits tells nothing of applicants


class ExecuteRefund(Message):
    refund_id: Annotated[RefundId, StringConstraints(pattern=r"^rfd_[A-Z2-7]{26}$")]


class AugmentStamp(Message):
    """Raise the stamped file of the stamping that this e-meterai names."""

    serial: Serial


PaymentsMessage = Annotated[WebhookReceived | CheckOrder | CheckCharge, Field(discriminator="kind")]
