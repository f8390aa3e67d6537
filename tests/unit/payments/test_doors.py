"""Which gateway's door is opened, for money of the present one, of the former one, of none."""

from collections.abc import Iterator
from unittest.mock import patch

import pytest

from meterai import services
from meterai.domain.errors import Unavailable
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.refunds import Refund, RefundReason, RefundState
from meterai.payments.doors import Known, PaymentDoors
from meterai.payments.midtrans import Midtrans
from meterai.payments.midtrans_payouts import MidtransPayouts
from meterai.payments.midtrans_records import MidtransRecords
from meterai.payments.xendit import Xendit
from meterai.payments.xendit_payouts import XenditPayouts
from meterai.payments.xendit_records import XenditRecords
from meterai.settings import Settings
from tests.unit.functions.stamp_office import SETTINGS

KEYS = {
    "server_key": "the key",
    "former_server_key": "the former key",
    "creator_key": "the creator's",
    "approver_key": "",
    "callback_token": "the token",
}


def doors(*names: str) -> PaymentDoors:
    known = {
        "midtrans": Known("midtrans", "https://midtrans.example", KEYS),
        "xendit": Known("xendit", "https://xendit.example", KEYS),
    }
    return PaymentDoors([known[name] for name in names], "https://payouts.example")


@pytest.fixture
def changed_over() -> Iterator[services.Office]:
    """An office that has gone from Midtrans to Xendit."""
    office = services.Office()
    settings = Settings.model_validate(
        {
            **SETTINGS.model_dump(),
            "portals": "",
            "timestamp_urls": "",
            "gateway": "xendit",
            "gateway_url": "https://xendit.example",
            "former_gateway": "midtrans",
            "former_gateway_url": "https://midtrans.example",
        }
    )
    secret = "{" + ",".join(f'"{name}": "{key}"' for name, key in KEYS.items()) + "}"
    with (
        patch.dict(vars(office), {"settings": settings}),
        patch.object(services.Office, "_secret", lambda *_: secret),
    ):
        yield office


def test_each_gateway_has_its_own_doors() -> None:
    both = doors("xendit", "midtrans")
    assert [type(one) for one in both.gateways().values()] == [Xendit, Midtrans]
    assert [type(one) for one in both.payouts().values()] == [XenditPayouts, MidtransPayouts]
    records = both.records(lambda _: None).values()
    assert [type(one) for one in records] == [XenditRecords, MidtransRecords]
    assert list(both.notice_checks()) == list(both.notice_readers()) == ["xendit", "midtrans"]


def test_money_of_a_gateway_that_nobody_named_waits() -> None:
    with pytest.raises(Unavailable) as waits:
        doors("midtrans").gateways()["xendit"]
    assert waits.value.values == {"party": "xendit", "reason": "not_configured"}


def test_after_a_change_the_former_gateway_keeps_its_own_key(
    changed_over: services.Office,
) -> None:
    assert list(changed_over.gateways) == ["xendit", "midtrans"]
    assert changed_over.gateway is changed_over.gateways["xendit"]
    keys = {one.name: one.keys["server_key"] for one in changed_over._payment_doors.known}
    assert keys == {"xendit": "the key", "midtrans": "the former key"}


def test_a_former_gateway_is_another_one_with_an_address() -> None:
    told = {**SETTINGS.model_dump(), "portals": "", "timestamp_urls": ""}
    assert Settings.model_validate({**told, "former_gateway": ""}).former_gateway is None
    for wrong in ({"former_gateway": "midtrans"}, {"former_gateway": "xendit"}):
        with pytest.raises(ValueError, match="former_gateway"):
            Settings.model_validate({**told, **wrong})


def test_a_refund_names_the_gateway_that_took_its_money() -> None:
    refund = Refund(
        RefundId("rfd_A"),
        "buyer",
        OrderId("ord_A"),
        "xendit#pr-1",
        "ord_A-1",
        12_000,
        (),
        RefundReason.LATE_PAYMENT,
        RefundState.DUE,
        "",
        created_at=None,  # type: ignore[arg-type]
        clock=None,
    )
    assert (refund.gateway, refund.transaction_id) == ("xendit", "pr-1")
