import pytest

from meterai.domain.orders.orders import Order
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import MessagePump


@pytest.fixture
def app() -> InMemoryApp:
    """With the buyer's document uploaded."""
    app = InMemoryApp()
    app.upload()
    return app


@pytest.fixture
def pump(app: InMemoryApp) -> MessagePump:
    return MessagePump(app)


@pytest.fixture
def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    """Two e-meterai, paid for and unused."""
    order = app.buy()
    app.settle(order)
    pump.deliver()
    return app.state.orders[order.order_id]
