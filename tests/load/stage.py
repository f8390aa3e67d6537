"""The office that the crowd comes to: the template on ministack, small limits, Midtrans beside."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from tests.contract.ministack import running
from tests.local.environment import Neighbourhood, neighbourhood
from tests.local.event_sources import Handled
from tests.local.throttling import PATH as THROTTLING

# So many processes share this machine's processors; AWS runs hundreds.
INSTANCES: Mapping[str, int] = {
    "PurchaseFunction": 3,
    "ReceiveWebhookFunction": 2,
    "ConfirmPaymentFunction": 4,
    "CreateUploadFunction": 1,
    "RequestStampingFunction": 2,
    "StampFunction": 2,
    "ReadOrderFunction": 1,
    "ReadStampingFunction": 1,
    "PublishLoadSnapshotFunction": 2,
}
# Behind the lanes, in their order: on AWS none of them shares a processor with another.
NICENESS: Mapping[str, int] = {
    "RequestStampingFunction": 5,
    "CreateUploadFunction": 5,
    "PurchaseFunction": 8,
    "ReadOrderFunction": 10,
    "ReadStampingFunction": 10,
    "JoinWaitingRoomFunction": 10,
    "ReadTicketFunction": 10,
}
NOTICE_SENDERS = 16
# Days pressed into minutes: an hour's waits are seconds here.
PARAMETERS: Mapping[str, str] = {
    "MaxStampWaitS": "180",
    "StampingsPerSecond": "6",
    "TicketValidityS": "60",
    "OrderExpiresS": "120",
}
QUEUES = ("PaymentsQueue", "StampingQueue", "UrgentStampingQueue", "RefundsQueue")
BATCH = 10  # of the stamping lane, as template.yaml has it
# A signature takes so long, in which no processor is busy. A stamp costs this machine far less than
# all that comes before it; so the lane bears 20 in each 3 s, and is what people wait for.
KMS_S = 3.0


@dataclass
class Stage:
    place: Neighbourhood
    endpoint_url: str
    handled: list[Handled] = field(default_factory=list)

    def weather(self, *, refused: float = 0.0, kms_s: float = 0.0) -> Mapping[str, int]:
        """From now on this share of what functions ask of AWS is refused, and KMS takes so long.
        Answers how many requests were refused so far, by service."""
        url = f"{self.endpoint_url}{THROTTLING}?share={refused}&kms_s={kms_s}"
        answer: Mapping[str, int] = urllib3.request("POST", url, retries=False).json()
        return answer

    def visible(self) -> int:
        """Messages in the lanes that could be taken now."""
        sqs = self.place.account.client("sqs")
        asked = ["ApproximateNumberOfMessages"]
        return sum(
            int(
                sqs.get_queue_attributes(QueueUrl=url, AttributeNames=asked)["Attributes"][asked[0]]
            )
            for url in map(self.place.account.physical, QUEUES)
        )

    def begin(self) -> None:
        """Once by hand what a schedule would begin only after its first minute."""
        account = self.place.account
        account.fire_schedule("RenewReceiptKeyFunction")
        _in_background(lambda: account.fire_schedule("PublishLoadSnapshotFunction"))


@contextmanager
def stage(ministack_python: Path, logs: Path) -> Iterator[Stage]:
    with ExitStack() as stack:
        endpoint_url = stack.enter_context(running(ministack_python, fair_queues=True))
        handled: list[Handled] = []
        place = stack.enter_context(
            neighbourhood(
                endpoint_url=endpoint_url,
                logs=logs,
                instances=INSTANCES,
                niceness=NICENESS,
                webhook_senders=NOTICE_SENDERS,
                more_parameters=PARAMETERS,
                on_handled=handled.append,
            )
        )
        yield Stage(place, endpoint_url, handled)


def _in_background(act: Callable[[], object]) -> None:
    threading.Thread(target=act, daemon=True).start()
