from datetime import timedelta

from meterai.messages import CheckOrder, ExecuteRefund
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, ORDER, REFUND, before


def test_a_refund_that_is_not_confirmed_is_checked_again(memory_app: FunctionApp) -> None:
    before(memory_app, "sweep")
    memory_app.state.refunds_lane.clear()
    assert memory_app.invoke("sweep", sample("sweep")) == {"checked": 1}
    assert list(memory_app.state.refunds_lane) == [Letter(ExecuteRefund(refund_id=REFUND), ACCOUNT)]


def test_an_unpaid_order_is_checked_at_the_gateway(memory_app: FunctionApp) -> None:
    before(memory_app, "read_order")
    memory_app.state.pass_time(timedelta(minutes=5))
    assert memory_app.invoke("sweep", sample("sweep")) == {"checked": 1}
    assert list(memory_app.state.payments_lane) == [Letter(CheckOrder(order_id=ORDER), ACCOUNT)]
    due = sample("confirm_payment.order_due")["Records"][0]
    assert due["body"] == CheckOrder(order_id=ORDER).model_dump_json()


def test_without_due_timers_nothing_is_checked(memory_app: FunctionApp) -> None:
    before(memory_app, "read_order")
    assert memory_app.invoke("sweep", sample("sweep")) == {"checked": 0}
