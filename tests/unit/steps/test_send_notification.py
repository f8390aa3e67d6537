"""E-mails: only to those who asked, once, in their language, and nobody waits for one."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.notifications.consents import CONSENT_LASTS, Consent
from meterai.domain.notifications.notifications import Notification, NotificationKind, order_paid
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import RefundOutcome
from meterai.steps.accept_notifications import accept_notifications, stop_notifications
from meterai.steps.send_notification import send_notification
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


def bought(app: InMemoryApp, *, notify: bool = True) -> Order:
    order = replace(app.buy(), notify=notify)
    app.state.orders[order.order_id] = order
    return order


def asks(app: InMemoryApp, order: Order, key: str) -> None:
    """For a stamping, on a page that has the tick box."""
    first = app.request(order.order_id, key, b"%PDF-1.7 " + key.encode())
    app.state.serials[first.serial] = replace(first, notify=True)


def told(app: InMemoryApp) -> list[str]:
    return [one.kind.value for one in app.state.notifications]


def consents(app: InMemoryApp, language: str = "id") -> None:
    assert accept_notifications(BUYER, language, app.ports, app.now)


def subjects(app: InMemoryApp) -> list[str]:
    return [mail.subject for _, mail in app.state.mails]


@pytest.fixture
def notification(app: InMemoryApp) -> Notification:
    return order_paid(bought(app))


def test_a_payment_and_each_document_are_told_once(app: InMemoryApp, pump: MessagePump) -> None:
    pump.twice = True
    order = bought(app)
    for key in ("first", "second"):
        app.upload(b"%PDF-1.7 " + key.encode())
        asks(app, order, key)
    app.settle(order)
    pump.deliver()
    stampings = app.state.orders[order.order_id].stampings()
    assert {one.notification_id for one in app.state.notifications} == {
        f"order_paid#{order.order_id}",
        *(f"document_stamped#{stamping}" for stamping in stampings),
    }
    assert told(app).count("document_stamped") == 2


def test_who_did_not_ask_is_told_nothing(app: InMemoryApp, pump: MessagePump) -> None:
    order = bought(app, notify=False)
    app.upload()
    app.request(order.order_id, count=1)
    app.settle(order)
    pump.deliver()
    app.refund(order.order_id)
    pump.until_idle()
    assert told(app) == []


def test_a_refund_that_takes_time_is_told_when_it_begins_and_when_it_is_done(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = bought(app)
    app.settle(order)
    pump.deliver()
    app.refund(order.order_id)
    pump.until_idle()
    assert told(app)[1:] == ["refund_begun", "refund_done"]


def test_who_has_to_name_an_account_is_told(app: InMemoryApp, pump: MessagePump) -> None:
    order = bought(app)
    app.settle(order)
    pump.deliver()
    app.ports.gateway.refund_answers[order.method] = RefundOutcome.NOT_REFUNDABLE
    app.refund(order.order_id)
    pump.deliver()
    assert told(app)[1:] == ["refund_needs_account"]


def test_a_promise_at_risk_is_told(app: InMemoryApp, pump: MessagePump) -> None:
    order = bought(app)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    assert refund.timer is not None
    app.state.pass_time(refund.timer.deadline_at - app.now - timedelta(minutes=1))
    app.sweep()
    assert told(app)[1:] == ["promise_at_risk"]


def test_a_mail_goes_to_those_who_consent_in_their_language(
    app: InMemoryApp, notification: Notification
) -> None:
    consents(app, "en")
    send_notification(notification, app.ports, app.now)
    ((address, mail),) = app.state.mails
    assert address == f"{BUYER}@example.id"
    assert mail.subject == "Payment received: 2 e-meterai, Rp24,000"
    assert "We have your money" in mail.text
    assert "We have your money" in mail.html
    for form in (mail.text, mail.html):
        assert f"https://meterai.example/saya/pesanan/{notification.order_id}" in form
        assert mail.stop_url in form
        assert BUYER not in form


def test_a_message_that_comes_twice_is_one_mail(
    app: InMemoryApp, notification: Notification
) -> None:
    consents(app)
    for _ in range(2):
        send_notification(notification, app.ports, app.now)
    assert subjects(app) == ["Pembayaran diterima: 2 e-meterai, Rp24.000"]


def test_without_consent_or_an_own_address_or_a_sender_nothing_is_sent(
    app: InMemoryApp, notification: Notification
) -> None:
    send_notification(notification, app.ports, app.now)  # nobody consented
    consents(app)
    app.state.unproved.add(BUYER)
    send_notification(notification, app.ports, app.now)
    app.state.unproved.clear()
    send_notification(notification, app.ports, app.now + CONSENT_LASTS)
    app.ports.notifications.are_sent = False
    send_notification(notification, app.ports, app.now)
    assert not app.state.mails


def test_a_mails_own_link_stops_them_without_a_sign_in(
    app: InMemoryApp, notification: Notification
) -> None:
    consents(app)
    send_notification(notification, app.ports, app.now)
    token = app.state.mails[0][1].stop_url.rpartition("/")[2]
    assert not stop_notifications(token[:-1] + "A", app.ports)
    assert stop_notifications(token, app.ports)
    assert stop_notifications(token, app.ports)
    send_notification(replace(notification, about="another"), app.ports, app.now)
    assert len(app.state.mails) == 1


def test_the_consent_has_no_name_and_no_address(app: InMemoryApp) -> None:
    consents(app)
    deriver: IdDeriver = app.ports.id_deriver
    assert app.state.consents == {deriver.pseudonym(BUYER): Consent("id", app.now)}


@pytest.mark.parametrize("kind", NotificationKind)
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_mail_says_something_in_both_languages(
    app: InMemoryApp, notification: Notification, kind: NotificationKind, language: str
) -> None:
    about = replace(notification, kind=kind, promised_by=app.now, amount_idr=20_000)
    mail = app.ports.notifications.write(about, Consent(language, app.now), stop_token="T")
    assert mail.subject
    assert "\n" not in mail.subject
    assert "<" not in mail.text
    assert "&" not in mail.text
    assert f'lang="{language}"' in mail.html
