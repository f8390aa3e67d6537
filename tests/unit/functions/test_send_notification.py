"""The notifications queue: a message becomes a mail."""

from meterai.container import container
from meterai.steps.accept_notifications import accept_notifications
from tests.unit.functions.function_app import FunctionApp, sample

ACCOUNT = "9a4c2e8e-70b1-7019-8c53-1f6b2d7e4a10"


def test_a_message_is_sent_as_a_mail(memory_app: FunctionApp) -> None:
    assert accept_notifications(ACCOUNT, "id", container, container.now)
    assert memory_app.invoke("send_notification", sample("send_notification")) == {
        "batchItemFailures": []
    }
    ((address, mail),) = memory_app.state.mails
    assert address == f"{ACCOUNT}@example.id"
    assert mail.subject == "Pembayaran diterima: 2 e-meterai, Rp20.000"
