from datetime import timedelta

from meterai.messages import ExecuteRefund, OrderIsDue
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, ORDER, REFUND, before


def test_a_refund_that_is_not_confirmed_is_looked_at_again(office: StampOffice) -> None:
    before(office, "sweep")
    office.world.refunds_lane.clear()
    assert office.invoke("sweep", sample("sweep")) == {"looked": 1}
    assert list(office.world.refunds_lane) == [Letter(ExecuteRefund(refund_id=REFUND), ACCOUNT)]


def test_an_order_that_is_not_paid_is_asked_about(office: StampOffice) -> None:
    before(office, "read_order")
    office.world.pass_time(timedelta(minutes=5))
    assert office.invoke("sweep", sample("sweep")) == {"looked": 1}
    assert list(office.world.payments_lane) == [Letter(OrderIsDue(order_id=ORDER), ACCOUNT)]
    due = sample("confirm_payment.order_due")["Records"][0]
    assert due["body"] == OrderIsDue(order_id=ORDER).model_dump_json()


def test_where_nothing_is_due_nothing_is_looked_at(office: StampOffice) -> None:
    before(office, "read_order")
    assert office.invoke("sweep", sample("sweep")) == {"looked": 0}
