"""Each lane: its queue, its dead letters, its worker's time-out and its share of concurrency."""

import pytest

from tests.integration.template.declared import (
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
    "StampingQueue": "stamp",
    "RefundsQueue": "execute_refund",
    "PreservationQueue": "preserve",
}
ACCOUNT_CONCURRENCY = 1_000
LEFT_FREE = 100  # Lambda refuses to reserve these

every_lane = pytest.mark.parametrize(("queue", "worker"), WORKERS.items(), ids=WORKERS)


def test_each_queue_has_one_worker() -> None:
    fed = {
        text(source["Queue"]): function.folder
        for function in FUNCTIONS.values()
        for source in function.events("SQS")
    }
    assert fed == {f"{queue}.Arn": worker for queue, worker in WORKERS.items()}


def test_every_queue_is_a_lane_or_its_dead_letters() -> None:
    assert set(QUEUES) == set(WORKERS) | {dead_letters_of(queue) for queue in WORKERS}


def dead_letters_of(queue: str) -> str:
    return queue.replace("Queue", "DeadLetters")


@every_lane
def test_what_fails_lands_with_the_dead_letters_and_is_kept_longest(
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
    assert FUNCTIONS[worker].may("sqs:ReceiveMessage") == [f"{queue}.Arn"]


@every_lane
def test_a_message_is_hidden_for_six_times_the_workers_time_out(queue: str, worker: str) -> None:
    hidden_s = QUEUES[queue].properties["VisibilityTimeout"]
    assert hidden_s >= 6 * FUNCTIONS[worker].timeout_s


@every_lane
def test_one_failed_message_does_not_bring_its_batch_back(queue: str, worker: str) -> None:
    (source,) = FUNCTIONS[worker].events("SQS")
    assert text(source["Queue"]) == f"{queue}.Arn"
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_queues_are_encrypted_standard_and_refuse_plain_http() -> None:
    for queue in QUEUES.values():
        assert queue.properties["SqsManagedSseEnabled"] is True
        assert "FifoQueue" not in queue.properties  # fair queues are standard ones
    (policy,) = of_type("AWS::SQS::QueuePolicy").values()
    assert {text(queue) for queue in policy.properties["Queues"]} == set(QUEUES)
    (refusal,) = statements(policy.properties["PolicyDocument"])
    assert (refusal.effect, refusal.principal, refusal.actions, refusal.condition) == (
        "Deny",
        "*",
        ("sqs:*",),
        {"Bool": {"aws:SecureTransport": "false"}},
    )


def test_throttled_receives_cannot_fill_the_dead_letters() -> None:
    """A lane receives no more than its worker may run: 10 at once for each provisioned poller."""
    (stamping,) = FUNCTIONS["stamp"].events("SQS")
    assert "ScalingConfig" not in stamping  # Lambda takes one or the other
    assert text(stamping["ProvisionedPollerConfig"]["MaximumPollers"]) == "StampingPollers"
    assert reserved(FUNCTIONS["stamp"]) >= 10 * default_of("StampingPollers")
    for folder in ("confirm_payment", "execute_refund", "preserve"):
        (source,) = FUNCTIONS[folder].events("SQS")
        asked = text(FUNCTIONS[folder].properties["ReservedConcurrentExecutions"])
        assert text(source["ScalingConfig"]["MaximumConcurrency"]) == asked


def test_the_defaults_fit_a_fresh_account() -> None:
    assert sum(reserved(function) for function in FUNCTIONS.values()) == 721  # as the comment says
    assert ACCOUNT_CONCURRENCY - LEFT_FREE >= 721


def reserved(function: Function) -> int:
    wanted = function.properties.get("ReservedConcurrentExecutions", 0)
    return wanted if isinstance(wanted, int) else default_of(text(wanted))


def test_every_lane_has_its_alarms() -> None:
    watched = {
        (alarm.properties["MetricName"], text(alarm.properties["Dimensions"][0]["Value"]))
        for alarm in of_type("AWS::CloudWatch::Alarm").values()
        if alarm.properties["Namespace"] == "AWS/SQS"
    }
    assert watched == {
        *(("ApproximateAgeOfOldestMessage", f"{queue}.QueueName") for queue in WORKERS),
        *(
            ("ApproximateNumberOfMessagesVisible", f"{dead_letters_of(queue)}.QueueName")
            for queue in WORKERS
        ),
    }


def test_every_alarm_tells_somebody_and_what_to_do() -> None:
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm.properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
        assert len(alarm.properties["AlarmDescription"]) > 40
    assert TEMPLATE.resources["AlarmMail"].condition == "MailsAlarms"


def test_a_message_comes_again_only_when_the_claim_of_its_first_try_has_lapsed() -> None:
    """Else it would meet its own claim, and be taken for done."""
    claim_s = TEMPLATE.globals["Function"]["Environment"]["Variables"]["STAMPING_CLAIM_S"]
    assert QUEUES["StampingQueue"].properties["VisibilityTimeout"] > claim_s
