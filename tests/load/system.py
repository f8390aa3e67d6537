"""The system under load: the template on ministack with small limits, and Midtrans's simulator."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import urllib3

from tests.contract.ministack import running
from tests.local.environment import Environment, local_environment
from tests.local.event_sources import Handled
from tests.local.throttling import PATH as THROTTLING

# All these processes share this machine's processors; AWS runs hundreds.
INSTANCES: Mapping[str, int] = {
    "PurchaseFunction": 3,
    "ReceiveWebhookFunction": 2,
    "ConfirmPaymentFunction": 4,
    "CreateUploadFunction": 1,
    "RequestStampingFunction": 2,
    "InspectFunction": 2,
    "StampFunction": 1,
    "ReadOrderFunction": 1,
    "ReadStampingFunction": 1,
    "PublishLoadSnapshotFunction": 2,
    "PagesFunction": 3,
    "SignInFunction": 1,
}
# Priority below the lanes: on AWS no two of them share a processor.
NICENESS: Mapping[str, int] = {
    "RequestStampingFunction": 5,
    "InspectFunction": 5,
    "CreateUploadFunction": 5,
    "PurchaseFunction": 8,
    "PagesFunction": 8,
    "SignInFunction": 8,
    "ReadOrderFunction": 10,
    "ReadStampingFunction": 10,
    "JoinWaitingRoomFunction": 10,
    "ReadTicketFunction": 10,
}
WEBHOOK_SENDERS = 16
# Minutes stand for hours.
PARAMETERS: Mapping[str, str] = {
    "MaxStampWaitS": "180",
    "StampingsPerSecond": "3",
    "TicketValidityS": "60",
    "OrderExpiresS": "120",
}
QUEUES = ("PaymentsQueue", "StampingQueue", "UrgentStampingQueue", "RefundsQueue")
BATCH = 10  # of the stamping lane, as template.yaml has it
# How long a signature takes, with an idle processor. A stamp costs this machine far less than the
# steps before it. With this delay the one worker stamps 10 in 3 s, and people wait for stamping as
# on AWS.
KMS_S = 3.0


@dataclass
class System:
    environment: Environment
    endpoint_url: str
    handled: list[Handled] = field(default_factory=list)

    def set_faults(self, *, throttled: float = 0.0, kms_s: float = 0.0) -> Mapping[str, int]:
        """From now on, throttle this share of the functions' requests, and let KMS take `kms_s`.
        How many requests were throttled so far, by service."""
        url = f"{self.endpoint_url}{THROTTLING}?share={throttled}&kms_s={kms_s}"
        answer: Mapping[str, int] = urllib3.request("POST", url, retries=False).json()
        return answer

    def visible(self) -> int:
        """How many messages of the lanes could be received now."""
        sqs = self.environment.account.client("sqs")
        names = ["ApproximateNumberOfMessages"]
        return sum(
            int(
                sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"][names[0]]
            )
            for url in map(self.environment.account.physical, QUEUES)
        )

    def start_schedules(self) -> None:
        """Start what the schedules would start only after their first minute."""
        account = self.environment.account
        account.fire_schedule("RenewReceiptKeyFunction")
        _in_background(lambda: account.fire_schedule("PublishLoadSnapshotFunction"))


@contextmanager
def running_system(ministack_python: Path, logs: Path) -> Iterator[System]:
    with ExitStack() as stack:
        endpoint_url = stack.enter_context(running(ministack_python, fair_queues=True))
        handled: list[Handled] = []
        environment = stack.enter_context(
            local_environment(
                endpoint_url=endpoint_url,
                functions_sign_by_name=False,
                logs=logs,
                instances=INSTANCES,
                niceness=NICENESS,
                webhook_senders=WEBHOOK_SENDERS,
                more_parameters=PARAMETERS,
                on_handled=handled.append,
            )
        )
        yield System(environment, endpoint_url, handled)


def _in_background(act: Callable[[], object]) -> None:
    threading.Thread(target=act, daemon=True).start()
