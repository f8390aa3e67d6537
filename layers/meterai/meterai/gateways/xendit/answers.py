"""The bodies of Xendit's answers, as far as they are read; unknown fields are ignored.

Shapes: https://docs.xendit.co/apidocs and the models of its official clients (payment requests,
refunds, payouts). Amounts are JSON numbers, times are ISO 8601 with their zone.
"""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, ValidationError

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import Instruction, Method

PARTY = "xendit"

BodyT = TypeVar("BodyT", bound="Body")


def _exact(number: object) -> object:
    """A JSON number by its digits: 0.1 is exactly one tenth."""
    return repr(number) if isinstance(number, float) else number


Amount = Annotated[Decimal, BeforeValidator(_exact)]
Word = Annotated[str, BeforeValidator(lambda word: str(word).upper())]


class Body(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class QrProperties(Body):
    qr_string: str | None = None


class QrCode(Body):
    channel_properties: QrProperties


class VaProperties(Body):
    virtual_account_number: str | None = None


class VirtualAccount(Body):
    channel_code: str
    channel_properties: VaProperties


class PaymentMethod(Body):
    id: str
    status: Word = ""
    qr_code: QrCode | None = None
    virtual_account: VirtualAccount | None = None

    def instruction(self) -> Instruction | None:
        if self.qr_code and (text := self.qr_code.channel_properties.qr_string):
            return Instruction(Method.QRIS, text, None, None, None)
        account = self.virtual_account
        if account and (number := account.channel_properties.virtual_account_number):
            return Instruction(
                Method.VIRTUAL_ACCOUNT, None, None, account.channel_code.lower(), number
            )
        return None


class PaymentRequest(Body):
    id: str
    reference_id: str
    currency: str
    amount: Amount
    status: Word
    created: AwareDatetime
    payment_method: PaymentMethod


class PaymentRequests(Body):
    data: tuple[PaymentRequest, ...]


class Payment(Body):
    """A payment to a payment method, whether it succeeded or not."""

    id: str
    status: Word
    amount: Amount
    currency: str
    created: AwareDatetime
    payment_request_id: str | None = None


class Payments(Body):
    data: tuple[Payment, ...]


class Refund(Body):
    id: str
    amount: Amount
    status: Word
    reference_id: str | None = None


class Refunds(Body):
    data: tuple[Refund, ...]


def read_body(model: type[BodyT], body: object) -> BodyT:
    """The body as `model`. Raises Unavailable: an answer that cannot be read proves nothing."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        fields = ",".join(sorted({str(part["loc"][0]) for part in error.errors() if part["loc"]}))
        raise Unavailable(party=PARTY, reason="unreadable", fields=fields) from None


def rupiah(amount: Decimal) -> tuple[int, bool]:
    """The whole rupiah, and whether there is a fraction beside them."""
    return int(amount), amount != int(amount)


def iso(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
