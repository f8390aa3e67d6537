from datetime import timedelta

from meterai.domain.reconciliation.discrepancies import Kind
from meterai.messages import CheckCharge
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, CHARGE, before

DAY = timedelta(days=1)
WINDOWS_OF_TWO_DAYS = 2 * 24


def test_the_days_before_are_compared_once_and_unreported_payments_are_checked(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "request_stamping")
    (charge,) = memory_app.state.charges.values()
    again = memory_app.ports.gateway.settle_again(charge.charge_id)
    memory_app.state.pass_time(DAY)
    assert memory_app.invoke("reconcile", sample("reconcile")) == {"compared": WINDOWS_OF_TWO_DAYS}
    letter = memory_app.state.payments_lane[-1]
    assert letter == Letter(
        CheckCharge(
            gateway="midtrans",
            charge_id=CHARGE,
            transaction_id=again.transaction_id,
        ),
        ACCOUNT,
    )
    assert {report.is_finished for report in memory_app.state.day_reports.values()} == {True}
    assert memory_app.invoke("reconcile", sample("reconcile")) == {"compared": 0}


def test_a_check_reaches_the_function_that_confirms_payments(
    memory_app: FunctionApp,
) -> None:
    before(memory_app, "request_stamping")
    (charge,) = memory_app.state.charges.values()
    again = memory_app.ports.gateway.settle_again(charge.charge_id)
    message = CheckCharge(gateway="midtrans", charge_id=CHARGE, transaction_id=again.transaction_id)
    event = sample("confirm_payment")
    event["Records"][0]["body"] = message.model_dump_json()
    assert memory_app.invoke("confirm_payment", event) == {"batchItemFailures": []}
    (refund,) = memory_app.state.refunds.values()
    assert refund.transaction_id == again.transaction_id


def test_a_finished_run_has_counted_the_differences(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    (charge,) = memory_app.state.charges.values()
    charge.amount_idr = 1
    memory_app.state.pass_time(DAY)
    memory_app.invoke("reconcile", sample("reconcile"))
    counted = [report.counts for report in memory_app.state.day_reports.values() if report.counts]
    assert counted == [{Kind.AMOUNT_DIFFERS: 1}]
