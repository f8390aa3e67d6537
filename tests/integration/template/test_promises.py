"""An alarm on a promise stays on from one check of the sweep to the next."""

from datetime import timedelta

import pytest

from meterai.domain.metrics import Metric
from meterai.domain.stamping.augmentation import MAX_WAIT
from meterai.domain.timers import NEXT_REFUND_CHECK
from tests.integration.template.declared import of_type

NEXT_CHECKS = {
    Metric.REFUND_PROMISE_AT_RISK: NEXT_REFUND_CHECK,
    Metric.AUGMENTATION_LATE: MAX_WAIT,
}
"""How long after one check the next is due at most."""
BETWEEN_SWEEPS = timedelta(minutes=1)


@pytest.mark.parametrize(("metric", "next_check"), NEXT_CHECKS.items(), ids=NEXT_CHECKS)
def test_an_alarm_stays_on_from_one_check_to_the_next(
    metric: Metric, next_check: timedelta
) -> None:
    alarm = of_type("AWS::CloudWatch::Alarm")[f"{metric}Alarm"].properties
    assert (alarm["Statistic"], alarm["Threshold"]) == ("Sum", 0)
    assert timedelta(seconds=alarm["Period"]) > next_check + BETWEEN_SWEEPS
