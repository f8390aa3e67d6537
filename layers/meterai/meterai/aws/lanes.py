"""The queues in SQS: standard ones, with a fair-queue group for each message.

Bodies are the models of `meterai.messages` as JSON. The group is the account's pseudonym, so that
nothing personal is in a message's attributes. The account of a webhook is not known yet, so its
group is its own digest: a webhook that is sent many times delays only itself.
"""

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import ValidationError

from meterai.aws.errors import translate_aws_errors
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.payments import WebhookEvent
from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.queue_status import Lane
from meterai.messages import (
    AugmentStamp,
    CheckCharge,
    CheckOrder,
    ExecuteRefund,
    Message,
    StampDocument,
    WebhookReceived,
)
from meterai.ports import TakenOut

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

MAX_BATCH = 10  # messages in one call of SQS

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SqsLanes:
    client: "SQSClient"
    urls: Mapping[Lane, str]
    pseudonym: Callable[[str], str]

    def webhook(self, gateway: str, body: str) -> None:
        message = WebhookReceived.model_validate({"gateway": gateway, "body": body})
        self._send(Lane.PAYMENTS, message, hashlib.sha256(body.encode()).hexdigest())

    def check_order(self, order_id: OrderId, account: str) -> None:
        self._send(Lane.PAYMENTS, CheckOrder(order_id=order_id), self.pseudonym(account))

    def check_charge(self, gateway: str, about: WebhookEvent, account: str) -> None:
        message = CheckCharge.model_validate(
            {
                "gateway": gateway,
                "charge_id": about.charge_id,
                "transaction_id": about.transaction_id,
            }
        )
        self._send(Lane.PAYMENTS, message, self.pseudonym(account))

    def stamp(self, serials: Sequence[Serial], account: str, lane: Lane = Lane.STAMPING) -> None:
        message = StampDocument(serials=tuple(serials), bulk=lane is Lane.BULK)
        self._send(lane, message, self.pseudonym(account))

    def receive_bulk(self, most: int) -> Sequence[TakenOut]:
        """One call. A message that cannot be read stays, and ends with the dead letters."""
        with translate_aws_errors("sqs"):
            answer = self.client.receive_message(
                QueueUrl=self.urls[Lane.BULK],
                MaxNumberOfMessages=min(most, MAX_BATCH),
                WaitTimeSeconds=0,
                MessageSystemAttributeNames=["MessageGroupId", "SentTimestamp"],
            )
        read = (_taken_out(message) for message in answer.get("Messages", ()))
        return [one for one in read if one is not None]

    def stamp_taken(self, taken: Sequence[TakenOut]) -> None:
        """One call."""
        with translate_aws_errors("sqs"):
            answer = self.client.send_message_batch(
                QueueUrl=self.urls[Lane.STAMPING],
                Entries=[
                    {
                        "Id": str(number),
                        "MessageBody": StampDocument(
                            serials=one.serials, bulk=True
                        ).model_dump_json(),
                        "MessageGroupId": one.group,
                    }
                    for number, one in enumerate(taken)
                ],
            )
        if failed := answer.get("Failed"):
            raise Unavailable(party="sqs", reason=failed[0]["Code"])

    def delete(self, taken: Sequence[TakenOut]) -> None:
        """One call."""
        with translate_aws_errors("sqs"):
            self.client.delete_message_batch(
                QueueUrl=self.urls[Lane.BULK],
                Entries=[
                    {"Id": str(number), "ReceiptHandle": one.receipt}
                    for number, one in enumerate(taken)
                ],
            )

    def retry_after(self, receipt: str, after: timedelta, lane: Lane) -> None:
        with translate_aws_errors("sqs"):
            self.client.change_message_visibility(
                QueueUrl=self.urls[lane],
                ReceiptHandle=receipt,
                VisibilityTimeout=int(after.total_seconds()),
            )

    def refund(self, refund_id: RefundId, account: str) -> None:
        self._send(Lane.REFUNDS, ExecuteRefund(refund_id=refund_id), self.pseudonym(account))

    def augment(self, serial: Serial, account: str) -> None:
        self._send(Lane.AUGMENTATION, AugmentStamp(serial=serial), self.pseudonym(account))

    def is_idle(self, lane: Lane) -> bool:
        """By `waiting`, about a minute old: enough for waits of minutes."""
        return self.waiting(lane) == 0

    def waiting(self, lane: Lane) -> int:
        """SQS's approximate count. What a worker holds counts as taken."""
        with translate_aws_errors("sqs"):
            answer = self.client.get_queue_attributes(
                QueueUrl=self.urls[lane],
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesDelayed",
                ],
            )
        return sum(int(count) for count in answer["Attributes"].values())

    def _send(self, lane: Lane, message: Message, group: str) -> None:
        with translate_aws_errors("sqs"):
            self.client.send_message(
                QueueUrl=self.urls[lane],
                MessageBody=message.model_dump_json(),
                MessageGroupId=group,
            )


def _taken_out(message: "MessageTypeDef") -> TakenOut | None:
    try:
        document = StampDocument.model_validate_json(message["Body"])
    except ValidationError:
        logger.exception("message cannot be read", extra={"message_id": message["MessageId"]})
        return None
    attributes = message["Attributes"]
    return TakenOut(
        serials=document.serials,
        group=attributes.get("MessageGroupId", message["MessageId"]),
        sent_at=datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1_000, UTC),
        receipt=message["ReceiptHandle"],
    )
