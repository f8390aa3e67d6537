from datetime import timedelta

from meterai.domain.differences import Kind
from meterai.messages import ChargeIsUnclear
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, CHARGE, before

DAY = timedelta(days=1)
WINDOWS_OF_TWO_DAYS = 2 * 24


def test_the_days_before_are_compared_once_and_what_nobody_told_of_is_asked_about(
    office: StampOffice,
) -> None:
    before(office, "request_stamping")
    (charge,) = office.world.charges.values()
    again = office.ports.gateway.settle_again(charge.charge_id)
    office.world.pass_time(DAY)
    assert office.invoke("reconcile", sample("reconcile")) == {"compared": WINDOWS_OF_TWO_DAYS}
    letter = office.world.payments_lane[-1]
    assert letter == Letter(
        ChargeIsUnclear(
            gateway="midtrans",
            charge_id=CHARGE,
            transaction_id=again.transaction_id,
        ),
        ACCOUNT,
    )
    assert {report.is_finished for report in office.world.day_reports.values()} == {True}
    assert office.invoke("reconcile", sample("reconcile")) == {"compared": 0}


def test_what_is_asked_about_reaches_the_function_that_confirms_payments(
    office: StampOffice,
) -> None:
    before(office, "request_stamping")
    (charge,) = office.world.charges.values()
    again = office.ports.gateway.settle_again(charge.charge_id)
    message = ChargeIsUnclear(
        gateway="midtrans", charge_id=CHARGE, transaction_id=again.transaction_id
    )
    event = sample("confirm_payment")
    event["Records"][0]["body"] = message.model_dump_json()
    assert office.invoke("confirm_payment", event) == {"batchItemFailures": []}
    (refund,) = office.world.refunds.values()
    assert refund.transaction_id == again.transaction_id


def test_a_finished_look_has_counted_what_differs(office: StampOffice) -> None:
    before(office, "request_stamping")
    (charge,) = office.world.charges.values()
    charge.amount_idr = 1
    office.world.pass_time(DAY)
    office.invoke("reconcile", sample("reconcile"))
    counted = [report.counts for report in office.world.day_reports.values() if report.counts]
    assert counted == [{Kind.AMOUNT_DIFFERS: 1}]
