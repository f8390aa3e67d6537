"""Every minute: a key for each hour that has none."""

from datetime import timedelta

from meterai.domain.metrics import Metric
from tests.unit.functions.function_app import FunctionApp, sample


def test_the_first_run_makes_two_keys_and_the_next_none(memory_app: FunctionApp) -> None:
    assert memory_app.invoke("renew_receipt_key", sample("renew_receipt_key")) == {"made": 2}
    assert memory_app.invoke("renew_receipt_key", sample("renew_receipt_key")) == {"made": 0}


def test_each_time_the_alarms_learn_how_long_the_certificate_is_valid(
    memory_app: FunctionApp,
) -> None:
    ports, now = memory_app.ports, memory_app.state.now
    for left, days in ((timedelta(days=61), 61), (timedelta(hours=23), 0), (timedelta(-1), -1)):
        ports.signing_certificates.ends_at = now + left
        memory_app.invoke("renew_receipt_key", sample("renew_receipt_key"))
        assert ports.metrics.recorded[-1] == (Metric.SIGNING_CERTIFICATE_DAYS, days)
