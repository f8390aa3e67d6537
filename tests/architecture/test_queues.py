"""Every message that leaves a queue unhandled is caught, and one failure does not fail its
batch."""

from typing import Any

from tests.architecture.tree import ROOT
from tests.local.template import Resource, read_template

RESOURCES = read_template(ROOT / "template.yaml").resources
QUEUES = {one.logical_id: one for one in RESOURCES.values() if one.type == "AWS::SQS::Queue"}
ALARMED = {
    str(dimension["Value"])
    for one in RESOURCES.values()
    if one.type == "AWS::CloudWatch::Alarm"
    for dimension in one.properties.get("Dimensions", ())
}


def test_every_queue_has_a_dead_letter_queue_or_is_one() -> None:
    caught = {_dead_letters(queue) for queue in QUEUES.values()} - {None}
    bare = [
        name for name, queue in QUEUES.items() if not _dead_letters(queue) and name not in caught
    ]
    assert not bare, f"give {bare} a RedrivePolicy to a queue of dead letters"
    assert caught <= set(QUEUES)


def test_every_dead_letter_queue_has_an_alarm() -> None:
    silent = [
        name
        for name in sorted({_dead_letters(queue) for queue in QUEUES.values()} - {None})
        if not any(f"'{name}'" in value for value in ALARMED)
    ]
    assert not silent, f"no alarm tells of {silent}: add an alarm on its visible messages"


def test_every_function_behind_a_queue_reports_its_failures_one_by_one() -> None:
    """`queue_handler` returns that form; without this setting Lambda takes it for success."""
    deaf = [
        one.logical_id
        for one in RESOURCES.values()
        for source in one.properties.get("Events", {}).values()
        if source["Type"] == "SQS"
        and source["Properties"].get("FunctionResponseTypes") != ["ReportBatchItemFailures"]
    ]
    assert not deaf, f"set FunctionResponseTypes of {deaf}: a failed message would be deleted"


def _dead_letters(queue: Resource) -> Any:
    """The logical id of its dead-letter queue; None if it has none."""
    target = queue.properties.get("RedrivePolicy", {}).get("deadLetterTargetArn")
    return target["Fn::GetAtt"][0] if target else None
