"""What a log says that somebody must hear, and the alarm that listens to that sentence."""

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from meterai.domain.stamping.augmentation import MAX_WAIT
from meterai.domain.timers import NEXT_REFUND_CHECK
from tests.architecture.tree import PACKAGE
from tests.integration.template.declared import functions, of_type, text

NEXT_LOOKS = {
    "refund promise in danger": NEXT_REFUND_CHECK,
    "not preserved in time": MAX_WAIT,
}
"""What the sweep says of a promise, and how long after one look the next is due at most."""
BETWEEN_SWEEPS = timedelta(minutes=1)


def heard() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each sentence that is listened for, and its filter."""
    for one in of_type("AWS::Logs::MetricFilter").values():
        for sentence in re.findall(r'\$\.message = "([^"]+)"', one.properties["FilterPattern"]):
            yield sentence, one.properties


FILTERS = dict(heard())


def alarm_on(sentence: str) -> dict[str, Any]:
    (metric,) = FILTERS[sentence]["MetricTransformations"]
    (alarm,) = (
        dict(one.properties)
        for one in of_type("AWS::CloudWatch::Alarm").values()
        if one.properties.get("MetricName") == metric["MetricName"]
    )
    assert text(alarm["Namespace"]) == text(metric["MetricNamespace"]) == "AWS::StackName"
    return alarm


@pytest.mark.parametrize("sentence", FILTERS)
def test_what_is_listened_for_is_logged_there_and_starts_an_alarm(sentence: str) -> None:
    group = text(FILTERS[sentence]["LogGroupName"])
    (step,) = (
        one.folder
        for one in functions().values()
        if text(one.properties["LoggingConfig"]["LogGroup"]) == group
    )
    assert f'"{sentence}"' in (PACKAGE / f"steps/{step}.py").read_text(encoding="utf-8")
    assert alarm_on(sentence)["Threshold"] == 0


@pytest.mark.parametrize(("sentence", "next_look"), NEXT_LOOKS.items(), ids=NEXT_LOOKS)
def test_an_alarm_stays_on_from_one_look_to_the_next(sentence: str, next_look: timedelta) -> None:
    alarm = alarm_on(sentence)
    assert alarm["Statistic"] == "Sum"
    assert timedelta(seconds=alarm["Period"]) > next_look + BETWEEN_SWEEPS
