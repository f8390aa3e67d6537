"""Alarms watch metrics that the code records, and each links to its row of the runbook."""

import json
import re

import pytest

from meterai.domain.metrics import Metric
from meterai.entrypoints.metrics import EmfMetrics
from tests.integration.template.declared import ROOT, TEMPLATE, of_type, text

ALARMS = of_type("AWS::CloudWatch::Alarm")
RUNBOOK = (ROOT / "functions/RUNBOOK.md").read_text(encoding="utf-8")


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
    watching = [one for one in ALARMS.values() if one.properties["MetricName"] == metric.value]
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
        if alarm.properties["MetricName"] == Metric.SIGNING_CERTIFICATE_DAYS
    }
    assert found == {days: f"SigningCertificate{days}DaysAlarm" for days in (60, 30, 7)}


def test_no_alarm_depends_on_a_sentence_of_the_log() -> None:
    assert of_type("AWS::Logs::MetricFilter") == {}
    own = {
        a.properties["MetricName"]
        for a in ALARMS.values()
        if "Ref" in str(a.properties["Namespace"])
    }
    assert own == set(Metric)


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


def test_every_name_in_the_runbook_exists() -> None:
    named = set(re.findall(r"`([A-Z][A-Za-z]+)(?:=[^`]*)?`", RUNBOOK))
    declared = {*TEMPLATE.parameters, *TEMPLATE.resources, *TEMPLATE.outputs}
    alarms = {name.removesuffix("Alarm") for name in ALARMS} | {"Alarm"}
    assert named <= declared | alarms, named - declared - alarms
