"""What one account's many stampings cost an applicant, with fair queues and without.

The queues are fair by our model of what AWS documents (`tests/local/fair_queues.py`). These tests
show that the system's part, the group on each message, is what the model needs. They count the
messages that are delivered before the applicant's, so they say nothing about seconds.
"""

from collections import deque
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.endpoints import clients_at
from tests.contract.ministack import INSTALL_MINISTACK, interpreter, running
from tests.local.account import LocalAccount
from tests.local.fair_moto import make_moto_fair
from tests.local.fair_queues import FairQueue, QueuePosition

CROWD = {"moto": 150, "ministack": 600}  # moto reads its whole queue for each message
BATCH = 10
BEGUN = 10  # batches in flight when the applicant's message arrives


@pytest.fixture(params=["moto", "ministack"])
def endpoint(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["fair", "unfair"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def sqs(endpoint: str, kind: str, request: pytest.FixtureRequest) -> Iterator[Any]:
    if endpoint == "moto":
        account: LocalAccount = request.getfixturevalue("account")
        make_moto_fair(fair=kind == "fair")
        yield account.client("sqs")
        make_moto_fair(fair=True)
        return
    python = interpreter()
    if python is None:
        pytest.skip(INSTALL_MINISTACK)
    with running(python, fair_queues=kind == "fair") as address:
        yield clients_at(address).sqs


class Crowded:
    """A queue with one account's many messages, and workers that hold a batch each."""

    def __init__(self, sqs: Any, crowd: int, workers: int) -> None:
        self.sqs = sqs
        self.url = sqs.create_queue(QueueName=f"crowded-{workers}")["QueueUrl"]
        self._at_work: deque[list[dict[str, str]]] = deque([[]] * workers)
        for first in range(0, crowd, BATCH):
            self.send("crowd", [str(number) for number in range(first, first + BATCH)])

    def send(self, group: str, bodies: list[str]) -> None:
        entries = [
            {"Id": str(number), "MessageBody": body, "MessageGroupId": group}
            for number, body in enumerate(bodies)
        ]
        self.sqs.send_message_batch(QueueUrl=self.url, Entries=entries)

    def take(self) -> list[str]:
        """The next worker finishes its batch and receives another."""
        done = self._at_work.popleft()
        if done:
            self.sqs.delete_message_batch(QueueUrl=self.url, Entries=done)
        messages = self.sqs.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=BATCH,
            VisibilityTimeout=600,
            WaitTimeSeconds=1,
        ).get("Messages", [])
        self._at_work.append(
            [{"Id": m["MessageId"], "ReceiptHandle": m["ReceiptHandle"]} for m in messages]
        )
        return [message["Body"] for message in messages]

    def taken_before(self, body: str) -> int:
        count = 0
        while taken := self.take():
            if body in taken:
                return count + taken.index(body)
            count += len(taken)
        raise AssertionError(f"{body} was never handed out")


@pytest.mark.parametrize("workers", [1, 5], ids=["by time spent", "by messages in flight"])
def test_an_applicant_waits_behind_one_accounts_messages_only_where_queues_are_unfair(
    sqs: Any, endpoint: str, kind: str, workers: int
) -> None:
    queue = Crowded(sqs, CROWD[endpoint], workers)
    for _ in range(BEGUN):
        assert len(queue.take()) == BATCH
    queue.send("applicant", ["a letter"])
    before = queue.taken_before("a letter")
    assert before == (0 if kind == "fair" else CROWD[endpoint] - BEGUN * BATCH)
    sqs.delete_queue(QueueUrl=queue.url)


@pytest.mark.parametrize("kind", ["fair"])
def test_one_accounts_messages_keep_their_order_while_nobody_else_waits(sqs: Any) -> None:
    crowd = BEGUN * BATCH
    queue = Crowded(sqs, crowd, workers=5)
    assert [body for _ in range(BEGUN) for body in queue.take()] == [str(n) for n in range(crowd)]
    sqs.delete_queue(QueueUrl=queue.url)


def standing(tenant: str, count: int, *, in_flight: int = 0, sent_at_s: float = 0.0) -> Any:
    return [
        QueuePosition(tenant, sent_at_s, number < in_flight, f"{tenant} {number}")
        for number in range(count)
    ]


@pytest.mark.parametrize(
    ("of_crowd", "of_others", "is_noisy"),
    [
        pytest.param(30, 0, True, id="all that is in flight"),
        pytest.param(29, 0, False, id="fewer than 30"),
        pytest.param(30, 270, False, id="a tenth of all"),
        pytest.param(31, 270, True, id="more than a tenth"),
    ],
)
def test_a_tenant_is_noisy_with_a_tenth_of_the_messages_in_flight_and_thirty(
    of_crowd: int,
    of_others: int,
    is_noisy: bool,  # noqa: FBT001 (a column of the table)
) -> None:
    others = [one for n in range(of_others) for one in standing(f"other {n}", 1, in_flight=1)]
    queue = FairQueue()
    queue.in_turn([*standing("crowd", 100, in_flight=of_crowd), *others], now_s=1.0)
    assert ("crowd" in queue.noisy) == is_noisy


def test_of_two_noisy_tenants_the_one_with_fewer_in_flight_goes_first() -> None:
    queue = FairQueue()
    many, few = standing("many", 90, in_flight=80), standing("few", 50, in_flight=40, sent_at_s=1.0)
    assert queue.in_turn([*many, *few], now_s=2.0)[0].startswith("few")
    assert queue.noisy == {"many", "few"}


def test_a_noisy_tenant_is_quiet_again_once_its_backlog_is_gone_or_old() -> None:
    queue = FairQueue()
    queue.in_turn(standing("crowd", 100, in_flight=50), now_s=1.0)
    queue.in_turn(standing("crowd", 20, in_flight=10), now_s=299.0)
    assert queue.noisy == {"crowd"}, "it stays so, whatever it has in flight"
    queue.in_turn(standing("crowd", 20, in_flight=10), now_s=301.0)
    assert not queue.noisy, "nothing was sent for five minutes"
    queue.in_turn(standing("crowd", 100, in_flight=50, sent_at_s=302.0), now_s=303.0)
    assert queue.noisy == {"crowd"}
    queue.in_turn(standing("crowd", 50, in_flight=50, sent_at_s=302.0), now_s=304.0)
    assert not queue.noisy, "nothing of it waits"
