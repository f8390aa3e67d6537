"""Alarms listen to what is said, and each is in the runbook with what to do."""

import fnmatch
import re

import pytest

from meterai.aws.errors import THROTTLED
from tests.integration.template.declared import ROOT, TEMPLATE, of_type, text

FILTERS = of_type("AWS::Logs::MetricFilter")
ALARMS = of_type("AWS::CloudWatch::Alarm")
STEPS = ROOT / "layers" / "meterai" / "meterai" / "steps"
RUNBOOK = (ROOT / "functions/RUNBOOK.md").read_text(encoding="utf-8")

every_filter = pytest.mark.parametrize("name", FILTERS)


@every_filter
def test_a_metric_is_counted_for_an_alarm_of_its_own(name: str) -> None:
    (metric,) = FILTERS[name].properties["MetricTransformations"]
    watched = [
        alarm.properties["MetricName"]
        for alarm in ALARMS.values()
        if text(alarm.properties["Namespace"]) == "AWS::StackName"
    ]
    assert text(metric["MetricNamespace"]) == "AWS::StackName"
    assert watched.count(metric["MetricName"]) == 1


@every_filter
def test_an_alarm_listens_to_a_sentence_that_the_step_says(name: str) -> None:
    pattern = FILTERS[name].properties["FilterPattern"]
    folder = re.sub(r"(?<!^)(?=[A-Z])", "_", text(FILTERS[name].properties["LogGroupName"])).lower()
    said = (STEPS / f"{folder.removesuffix('_logs')}.py").read_text()
    for sentence in re.findall(r'\$\.message = "([^"]+)"', pattern):
        assert f'"{sentence}"' in said, f"{folder} no longer says {sentence!r}"


def test_an_alarm_hears_of_kms_in_the_words_of_the_log() -> None:
    """`entrypoints/queue.py` writes who did not answer, `aws/errors.py` why."""
    pattern = FILTERS["KmsThrottledMetric"].properties["FilterPattern"]
    (reason,) = re.findall(r'\$\.reason = "([^"]+)"', pattern)
    assert '$.party = "kms"' in pattern
    assert fnmatch.fnmatchcase("ThrottlingException", reason)
    assert "ThrottlingException" in THROTTLED  # as KMS calls it, its developer guide says


def test_every_alarm_links_to_its_row_of_the_runbook() -> None:
    rows = [line.strip("|").split("|") for line in RUNBOOK.splitlines() if "<a id=" in line]
    for name, means, do in rows:
        assert re.fullmatch(r' <a id="(\w+)"></a>`\1` ', name), name
        assert means.strip(), name
        assert do.strip(), name
    anchors = re.findall(r'<a id="(\w+)">', RUNBOOK)
    assert sorted(anchors) == sorted(name.removesuffix("Alarm") for name in ALARMS)
    for name, alarm in ALARMS.items():
        link = f"functions/RUNBOOK.md#{name.removesuffix('Alarm')}"
        assert text(alarm.properties["AlarmDescription"]) == f"See {link}"


def test_every_alarm_is_mailed_to_an_operator() -> None:
    for alarm in ALARMS.values():
        assert alarm.properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert TEMPLATE.resources["AlarmMail"].condition == "HasAlarmEmail"


def test_what_the_runbook_names_is_there() -> None:
    named = set(re.findall(r"`([A-Z][A-Za-z]+)(?:=[^`]*)?`", RUNBOOK))
    declared = {*TEMPLATE.parameters, *TEMPLATE.resources, *TEMPLATE.outputs}
    alarms = {name.removesuffix("Alarm") for name in ALARMS} | {"Alarm"}
    assert named <= declared | alarms, named - declared - alarms
