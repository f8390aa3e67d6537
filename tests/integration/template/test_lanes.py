"""Each lane: its queue, its dead letters, its worker's timeout and its share of concurrency."""

from typing import Any

import pytest

from meterai.domain.timers import MACHINES_DIFFER
from meterai.entrypoints.queue import MAX_EARLY_TRIES, RETRY_SOON
from tests.integration.template.declared import (
    GATEWAY_SECRET,
    ROOT,
    TEMPLATE,
    Function,
    default_of,
    functions,
    of_type,
    statements,
    text,
)

FUNCTIONS = functions()
QUEUES = of_type("AWS::SQS::Queue")
WORKERS = {
    "PaymentsQueue": "confirm_payment",
    "UrgentStampingQueue": "stamp",
    "StampingQueue": "stamp",
    "RefundsQueue": "execute_refund",
    "AugmentationQueue": "augment",
    "NotificationsQueue": "send_notification",
}
# The bulk queue invokes no function: a schedule receives from it.
LANES = WORKERS | {"BulkQueue": "release_bulk"}
ACCOUNT_CONCURRENCY = 1_000
STAMPING_CLAIM_S = TEMPLATE.globals["Function"]["Environment"]["Variables"]["STAMPING_CLAIM_S"]
OPEN_DOCUMENTS = ("preflight", "preview", "verify", "check_pages")  # and stamp nothing
LEFT_FREE = 100  # Lambda does not allow to reserve these

every_lane = pytest.mark.parametrize(("queue", "worker"), LANES.items(), ids=LANES)
every_source = pytest.mark.parametrize(("queue", "worker"), WORKERS.items(), ids=WORKERS)


def test_each_queue_has_one_worker() -> None:
    fed = {
        text(source["Queue"]): function.folder
        for function in FUNCTIONS.values()
        for source in function.events("SQS")
    }
    assert fed == {f"{queue}.Arn": worker for queue, worker in WORKERS.items()}


def test_every_queue_is_a_lane_or_its_dead_letters() -> None:
    assert set(QUEUES) == set(LANES) | {dead_letters_of(queue) for queue in LANES}


def dead_letters_of(queue: str) -> str:
    return queue.replace("Queue", "Dlq")


@every_lane
def test_failed_messages_go_to_the_dead_letters_and_are_kept_longest(
    queue: str, worker: str
) -> None:
    lane, dead = QUEUES[queue].properties, QUEUES[dead_letters_of(queue)].properties
    redrive = lane["RedrivePolicy"]
    assert text(redrive["deadLetterTargetArn"]) == f"{dead_letters_of(queue)}.Arn"
    assert redrive["maxReceiveCount"] >= 5
    assert dead["MessageRetentionPeriod"] == 14 * 86_400
    assert lane["MessageRetentionPeriod"] < dead["MessageRetentionPeriod"]
    assert worker in FUNCTIONS


@every_lane
def test_only_its_own_lane_may_use_the_dead_letters(queue: str, worker: str) -> None:
    allowed = QUEUES[dead_letters_of(queue)].properties["RedriveAllowPolicy"]
    assert allowed["redrivePermission"] == "byQueue"
    (source,) = allowed["sourceQueueArns"]
    assert text(source).endswith(":" + text(QUEUES[queue].properties["QueueName"]))
    receivers = [
        f.folder for f in FUNCTIONS.values() if f"{queue}.Arn" in f.may("sqs:ReceiveMessage")
    ]
    assert receivers == [worker]


@every_lane
def test_a_message_is_hidden_for_six_times_the_workers_time_out(queue: str, worker: str) -> None:
    """A stamping's, twice, and until its claim has lapsed: see below."""
    hidden_s = QUEUES[queue].properties["VisibilityTimeout"]
    assert hidden_s >= (2 if worker == "stamp" else 6) * FUNCTIONS[worker].timeout_s


@every_source
def test_a_lane_can_be_stopped_while_its_queue_keeps_the_messages(queue: str, worker: str) -> None:
    switch = text(source_of(queue, worker)["Enabled"])
    assert switch == f"{queue.removeprefix('Urgent').removesuffix('Queue')}Enabled"
    assert TEMPLATE.parameters[switch]["Default"] == "true"


@every_source
def test_one_failed_message_does_not_bring_its_batch_back(queue: str, worker: str) -> None:
    source = source_of(queue, worker)
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_queues_are_encrypted_standard_and_refuse_plain_http() -> None:
    for queue in QUEUES.values():
        assert queue.properties["SqsManagedSseEnabled"] is True
        assert "FifoQueue" not in queue.properties  # fair queues are standard queues
    (policy,) = of_type("AWS::SQS::QueuePolicy").values()
    assert {text(queue) for queue in policy.properties["Queues"]} == set(QUEUES)
    (refusal,) = statements(policy.properties["PolicyDocument"])
    assert (refusal.effect, refusal.principal, refusal.actions, refusal.condition) == (
        "Deny",
        "*",
        ("sqs:*",),
        {"Bool": {"aws:SecureTransport": "false"}},
    )


def source_of(queue: str, worker: str) -> dict[str, Any]:
    sources = FUNCTIONS[worker].events("SQS")
    (source,) = (one for one in sources if text(one["Queue"]) == f"{queue}.Arn")
    return source


def test_throttled_receives_cannot_fill_the_dead_letters() -> None:
    """A lane receives no more than its worker may run: 10 at once for each provisioned poller of
    either queue."""
    pollers = 0
    for queue, name in (("StampingQueue", "Stamping"), ("UrgentStampingQueue", "Urgent")):
        source = source_of(queue, "stamp")
        assert "ScalingConfig" not in source  # Lambda accepts one or the other
        config = {key: text(value) for key, value in source["ProvisionedPollerConfig"].items()}
        assert config == {
            "MinimumPollers": f"{name}PollersMin",
            "MaximumPollers": f"{name}PollersMax",
        }
        assert 2 <= default_of(f"{name}PollersMin") <= default_of(f"{name}PollersMax")
        pollers += default_of(f"{name}PollersMax")
    assert reserved(FUNCTIONS["stamp"]) >= 10 * pollers
    for folder in ("confirm_payment", "execute_refund", "augment"):
        (source,) = FUNCTIONS[folder].events("SQS")
        asked = text(FUNCTIONS[folder].properties["ReservedConcurrentExecutions"])
        assert text(source["ScalingConfig"]["MaximumConcurrency"]) == asked


def test_the_urgent_lane_can_use_only_a_small_part_of_the_workers() -> None:
    """No lane starves another: stampings near a deadline have their own pollers, and no more."""
    assert default_of("UrgentPollersMax") <= default_of("StampingPollersMax") / 4


def test_every_lane_that_calls_the_gateway_has_its_own_limit() -> None:
    asking = {f.folder for f in FUNCTIONS.values() if GATEWAY_SECRET in secrets_of(f)}
    free = {folder for folder in asking if not reserved(FUNCTIONS[folder])}
    # These request the name of an account's holder, once for each claim that a person makes.
    assert free == {"claim_refund"}


def secrets_of(function: Function) -> list[str]:
    return function.may("secretsmanager:GetSecretValue")


def test_the_defaults_of_a_production_fit_an_account_of_1000() -> None:
    """Lambda keeps 100 of an account's concurrency for functions that reserve none."""
    assert ACCOUNT_CONCURRENCY - sum(map(reserved, FUNCTIONS.values())) >= LEFT_FREE


def test_what_is_open_to_a_flood_takes_nothing_from_the_reading_functions() -> None:
    """A function that opens documents may wait for seconds, and one that needs no token may be
    asked by everybody. Each has a share of its own; none runs in what is left for all others."""
    open_documents = {f.folder for f in FUNCTIONS.values() if f.may("lambda:InvokeFunction")}
    need_no_token = {
        f.folder
        for f in FUNCTIONS.values()
        for event in f.events("HttpApi")
        if event["Auth"] == {"Authorizer": "NONE"}
    }
    flooded = open_documents | need_no_token | {"inspect"}
    assert {*OPEN_DOCUMENTS, "read_serial", "refund_status"} <= flooded
    assert [folder for folder in sorted(flooded) if not reserved(FUNCTIONS[folder])] == []


def test_a_flood_of_previews_leaves_part_of_inspect_to_stampings() -> None:
    others = [reserved(FUNCTIONS[folder]) for folder in OPEN_DOCUMENTS]
    left = reserved(FUNCTIONS["inspect"]) - sum(others)
    assert left / 0.1 >= default_of("StampingsPerSecond")  # each takes a tenth of a second


def test_the_operator_is_told_how_far_the_defaults_reach() -> None:
    kept = sum(map(reserved, FUNCTIONS.values()))
    most = reserved(FUNCTIONS["inspect"]) + ACCOUNT_CONCURRENCY - LEFT_FREE - kept
    assert f"reserve {kept} of the 1,000" in (ROOT / "functions/DEPLOYING.md").read_text()
    assert f"all above {most}." in (ROOT / "functions/RUNBOOK.md").read_text()


def test_bulk_is_released_by_one_run_at_a_time_which_ends_before_the_next_begins() -> None:
    feed = FUNCTIONS["release_bulk"]
    variables = TEMPLATE.globals["Function"]["Environment"]["Variables"]
    (schedule,) = feed.events("Schedule")
    assert schedule["Schedule"] == "rate(1 minute)"
    assert schedule["State"] == {"Fn::If": ["ReleaseBulk", "ENABLED", "DISABLED"]}
    assert variables["BULK_RELEASE_RUN_S"] < feed.timeout_s < 60
    assert reserved(feed) == 1


def test_bulk_is_done_within_the_promise_even_behind_applicants() -> None:
    """100,000 stampings of one customer, at the minimum rate of bulk."""
    assert 100_000 / default_of("BulkMinPerSecond") < default_of("StampingPromiseS")
    assert default_of("BulkMinPerSecond") < default_of("BulkMaxPerSecond")


def reserved(function: Function) -> int:
    wanted = function.properties.get("ReservedConcurrentExecutions", 0)
    return wanted if isinstance(wanted, int) else default_of(text(wanted))


def test_every_lane_has_its_alarms() -> None:
    watched = {
        (alarm.properties["MetricName"], text(alarm.properties["Dimensions"][0]["Value"]))
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if alarm.properties.get("Namespace") == "AWS/SQS"
    }
    assert watched == {
        *(("ApproximateAgeOfOldestMessage", f"{queue}.QueueName") for queue in LANES),
        *(
            ("ApproximateNumberOfMessagesVisible", f"{dead_letters_of(queue)}.QueueName")
            for queue in LANES
        ),
    }


@every_lane
def test_an_outage_of_an_hour_fills_no_dead_letter_queue(queue: str, worker: str) -> None:
    lane = QUEUES[queue].properties
    early_s = STAMPING_CLAIM_S if worker == "stamp" else RETRY_SOON.total_seconds()
    tries, hidden_s = lane["RedrivePolicy"]["maxReceiveCount"], lane["VisibilityTimeout"]
    early = MAX_EARLY_TRIES if FUNCTIONS[worker].may("sqs:ChangeMessageVisibility") else 0
    assert early * early_s + (tries - early) * hidden_s >= 3_600


def test_a_message_is_delivered_again_only_after_the_claim_of_its_first_try_expired() -> None:
    """Otherwise it would meet its own claim and be taken for done; and at once, so that the worker
    that died before a deadline costs no stamp."""
    lapsed_s = STAMPING_CLAIM_S + MACHINES_DIFFER.total_seconds()
    for queue in ("StampingQueue", "UrgentStampingQueue"):
        assert lapsed_s < QUEUES[queue].properties["VisibilityTimeout"] <= lapsed_s + 10
