"""The queues in SQS: standard ones, with a fair-queue group for each message.

Bodies are the models of `meterai.messages` as JSON. The group is the account's pseudonym, so that
nothing personal stands in a message's attributes; for a notice, whose account nobody knows yet, it
is the notice's own digest: a notice sent over and over delays nobody but itself.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.failures import answered_by
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.serials import Serial
from meterai.messages import (
    ExecuteRefund,
    Message,
    NoticeArrived,
    OrderIsDue,
    PreserveStamp,
    StampDocument,
)

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


@dataclass(frozen=True, slots=True)
class SqsLanes:
    client: "SQSClient"
    payments_url: str
    stamping_url: str
    refunds_url: str
    preservation_url: str
    pseudonym: Callable[[str], str]

    def notice(self, gateway: str, body: str) -> None:
        message = NoticeArrived.model_validate({"gateway": gateway, "body": body})
        self._send(self.payments_url, message, hashlib.sha256(body.encode()).hexdigest())

    def look_at_order(self, order_id: OrderId, account: str) -> None:
        self._send(self.payments_url, OrderIsDue(order_id=order_id), self.pseudonym(account))

    def stamp(self, serials: Sequence[Serial], account: str) -> None:
        message = StampDocument(serials=tuple(serials))
        self._send(self.stamping_url, message, self.pseudonym(account))

    def refund(self, refund_id: RefundId, account: str) -> None:
        self._send(self.refunds_url, ExecuteRefund(refund_id=refund_id), self.pseudonym(account))

    def preserve(self, serial: Serial, account: str) -> None:
        self._send(self.preservation_url, PreserveStamp(serial=serial), self.pseudonym(account))

    def stamping_is_at_rest(self) -> bool:
        """By SQS's approximate counts, about a minute behind: for waits of minutes that is enough.
        What a worker holds counts as taken."""
        with answered_by("sqs"):
            answer = self.client.get_queue_attributes(
                QueueUrl=self.stamping_url,
                AttributeNames=[
                    "ApproximateNumberOfMessages",
                    "ApproximateNumberOfMessagesDelayed",
                ],
            )
        return all(int(count) == 0 for count in answer["Attributes"].values())

    def _send(self, queue_url: str, message: Message, group: str) -> None:
        with answered_by("sqs"):
            self.client.send_message(
                QueueUrl=queue_url,
                MessageBody=message.model_dump_json(),
                MessageGroupId=group,
            )
