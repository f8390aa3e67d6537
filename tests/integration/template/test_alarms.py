"""Alarms watch metrics that the code records, and each links to its row of the runbook."""

import json
import re

import pytest

from meterai.domain.metrics import Metric
from meterai.entrypoints.metrics import EmfMetrics
from meterai_cli.edge import TEMPLATE as EDGE
from tests.integration.template.declared import ROOT, TEMPLATE, functions, of_type, text
from tests.local.template import Resource, read_template

ALARMS = of_type("AWS::CloudWatch::Alarm")
RUNBOOK = (ROOT / "functions/RUNBOOK.md").read_text(encoding="utf-8")


FUNCTIONS = functions()


def metric_of(alarm: Resource) -> str | None:
    """None: it computes one from several."""
    return alarm.properties.get("MetricName")


def watched_functions(metric: str) -> set[str]:
    """Those with an alarm of their own on this metric of Lambda."""
    return {
        text(alarm.properties["Dimensions"][0]["Value"])
        for alarm in ALARMS.values()
        if alarm.properties.get("Namespace") == "AWS/Lambda"
        and metric_of(alarm) == metric
        and "Dimensions" in alarm.properties
    }


def test_errors_of_every_function_ring() -> None:
    """What fails behind the API answers 500, 502 or 504, and rings there."""
    behind_the_api = {f.logical_id for f in FUNCTIONS.values() if f.events("HttpApi")}
    assert watched_functions("Errors") | behind_the_api == {
        f.logical_id for f in FUNCTIONS.values()
    }
    assert "ApiFailuresAlarm" in ALARMS


def test_every_schedule_has_a_heartbeat_of_at_least_two_of_its_beats() -> None:
    scheduled = {
        f.logical_id: f.events("Schedule")[0] for f in FUNCTIONS.values() if f.events("Schedule")
    }
    assert watched_functions("Invocations") == set(scheduled)
    for alarm in (one.properties for one in ALARMS.values() if metric_of(one) == "Invocations"):
        schedule = scheduled[text(alarm["Dimensions"][0]["Value"])]["Schedule"]
        if isinstance(schedule, dict):
            schedule = TEMPLATE.parameters[schedule["Ref"]]["Default"]
        minutes = int(re.fullmatch(r"rate\((\d+) minutes?\)", schedule)[1])  # type: ignore[index]
        assert alarm["TreatMissingData"] == "breaching"
        assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("LessThanThreshold", 1)
        assert alarm["Period"] * alarm["EvaluationPeriods"] >= 2 * 60 * minutes


def test_every_table_rings_when_it_is_throttled() -> None:
    watched = {
        text(one["MetricStat"]["Metric"]["Dimensions"][0]["Value"])
        for alarm in ALARMS.values()
        for one in alarm.properties.get("Metrics", [])
        if "MetricStat" in one
    }
    assert watched == set(of_type("AWS::DynamoDB::Table"))


@pytest.mark.parametrize("metric", Metric)
def test_an_alarm_watches_the_metric_as_the_code_records_it(
    metric: Metric, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    variables = TEMPLATE.globals["Function"]["Environment"]["Variables"]
    namespace = text(variables["POWERTOOLS_METRICS_NAMESPACE"])
    monkeypatch.setenv("POWERTOOLS_METRICS_NAMESPACE", namespace)
    EmfMetrics().record(metric, 1)
    line = json.loads(capsys.readouterr().out)
    (recorded,) = line["_aws"]["CloudWatchMetrics"]
    assert line[metric.value] == [1.0]
    watching = [one for one in ALARMS.values() if metric_of(one) == metric.value]
    assert watching
    for alarm in (one.properties for one in watching):
        assert recorded == {
            "Namespace": text(alarm["Namespace"]),
            "Dimensions": [[dimension["Name"] for dimension in alarm["Dimensions"]]],
            "Metrics": [{"Name": alarm["MetricName"], "Unit": "Count"}],
        }
        for dimension in alarm["Dimensions"]:
            assert line[dimension["Name"]] == dimension["Value"]


def test_an_expiring_certificate_rings_three_times() -> None:
    found = {
        int(alarm.properties["Threshold"]): name
        for name, alarm in ALARMS.items()
        if metric_of(alarm) == Metric.SIGNING_CERTIFICATE_DAYS
    }
    assert found == {days: f"SigningCertificate{days}DaysAlarm" for days in (60, 30, 7)}


def test_no_alarm_depends_on_a_sentence_of_the_log() -> None:
    """Only on the status of an answer, a field of the API's own log."""
    counted = set()
    for one in of_type("AWS::Logs::MetricFilter").values():
        assert text(one.properties["LogGroupName"]) == "ApiLogs"
        conditions = one.properties["FilterPattern"].strip("{} ").split(" || ")
        assert all(re.fullmatch(r'\$\.status = "[45]\d\d"', each) for each in conditions)
        (made,) = one.properties["MetricTransformations"]
        counted.add(made["MetricName"])
    own = {metric_of(a) for a in ALARMS.values() if "Ref" in str(a.properties.get("Namespace"))}
    assert own == set(Metric) | counted


def test_every_alarm_links_to_its_row_of_the_runbook() -> None:
    rows = [line.strip("|").split("|") for line in RUNBOOK.splitlines() if "<a id=" in line]
    named: dict[str, list[str]] = {}  # the alarms that a row is about, by its anchor
    for name, means, do in rows:
        anchor = re.match(r' <a id="(\w+)"></a>', name)
        assert anchor, name
        named[anchor[1]] = re.findall(r"`(\w+)`", name)
        assert means.strip(), name
        assert do.strip(), name
    linked: dict[str, list[str]] = {}
    for name, alarm in ALARMS.items():
        link = text(alarm.properties["AlarmDescription"])
        row = link.removeprefix("See functions/RUNBOOK.md#")
        linked.setdefault(row, []).append(name.removesuffix("Alarm"))
    assert {row: sorted(names) for row, names in named.items()} == {
        row: sorted(names) for row, names in linked.items()
    }


def test_every_alarm_of_the_edge_has_its_line_of_the_runbook() -> None:
    """Its section is about few things: it has no table."""
    edge = read_template(EDGE)
    section = RUNBOOK.partition("\n## The edge\n")[2].partition("\n## ")[0]
    said = re.findall(r"^- `(\w+)`: ", section, re.MULTILINE)
    alarms = of_type("AWS::CloudWatch::Alarm", edge)
    assert [f"{name}Alarm" for name in said] == list(alarms)
    links = {one.properties["AlarmDescription"] for one in alarms.values()}
    assert links == {"See functions/RUNBOOK.md, The edge"}


def test_every_alarm_is_mailed_to_an_operator() -> None:
    for alarm in ALARMS.values():
        assert alarm.properties["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert TEMPLATE.resources["AlarmMail"].condition == "HasAlarmEmail"


def test_every_name_in_the_runbook_exists() -> None:
    named = set(re.findall(r"`([A-Z][A-Za-z]+)(?:=[^`]*)?`", RUNBOOK))
    edge = read_template(EDGE)
    declared = {*TEMPLATE.parameters, *TEMPLATE.resources, *TEMPLATE.outputs, *edge.parameters}
    alarms = {name.removesuffix("Alarm") for name in (*ALARMS, *edge.resources)} | {"Alarm"}
    assert named <= declared | alarms, named - declared - alarms
