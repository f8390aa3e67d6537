"""Which gateway's adapters are used: for payments of the chosen one, the previous one, or
neither."""

from collections.abc import Iterator
from typing import get_args
from unittest.mock import patch

import pytest

from meterai import container
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.gateways.keys import GatewayKeys
from meterai.gateways.midtrans import adapters as midtrans_adapters
from meterai.gateways.midtrans.charges import Midtrans
from meterai.gateways.midtrans.payouts import MidtransPayouts
from meterai.gateways.midtrans.statements import MidtransStatements
from meterai.gateways.names import GatewayName
from meterai.gateways.package import GatewayConfig, GatewayPackage
from meterai.gateways.registry import GatewayRegistry, package_of
from meterai.gateways.xendit import adapters as xendit_adapters
from meterai.gateways.xendit.charges import Xendit
from meterai.gateways.xendit.payouts import XenditPayouts
from meterai.gateways.xendit.statements import XenditStatements
from meterai.settings import Settings
from tests.integration.template.declared import TEMPLATE
from tests.unit.functions.function_app import SETTINGS

KEYS = {
    "server_key": "the key",
    "previous_server_key": "the former key",
    "creator_key": "the creator's",
    "approver_key": "",
    "callback_token": "the token",
}


PACKAGES: dict[str, GatewayPackage] = {  # mypy checks that each is a complete package
    "midtrans": midtrans_adapters,
    "xendit": xendit_adapters,
}


def registry_of(*names: str) -> GatewayRegistry:
    keys = GatewayKeys(lambda: KEYS)
    return GatewayRegistry(
        [
            GatewayConfig(name, f"https://{name}.example", "https://payouts.example", keys)
            for name in names
        ]
    )


def test_every_name_has_its_package_and_its_value_in_the_template() -> None:
    names = get_args(GatewayName)
    assert {name: package_of(name) for name in names} == PACKAGES
    parameters = TEMPLATE.parameters
    assert tuple(parameters["Gateway"]["AllowedValues"]) == names
    assert tuple(parameters["PreviousGateway"]["AllowedValues"]) == ("", *names)


@pytest.fixture
def after_a_change() -> Iterator[container.Container]:
    """A system that has changed from Midtrans to Xendit."""
    app = container.Container()
    settings = Settings.model_validate(
        {
            **SETTINGS.model_dump(),
            "portals": "",
            "timestamp_urls": "",
            "gateway": "xendit",
            "gateway_url": "https://xendit.example",
            "previous_gateway": "midtrans",
            "previous_gateway_url": "https://midtrans.example",
        }
    )
    secret = "{" + ",".join(f'"{name}": "{key}"' for name, key in KEYS.items()) + "}"
    with (
        patch.dict(vars(app), {"settings": settings}),
        patch.object(container.Container, "_secret", lambda *_: secret),
    ):
        yield app


def test_each_gateway_has_its_own_registry_of() -> None:
    both = registry_of("xendit", "midtrans")
    assert [type(one) for one in both.gateways().values()] == [Xendit, Midtrans]
    assert [type(one) for one in both.payouts().values()] == [XenditPayouts, MidtransPayouts]
    records = both.records(lambda _: None).values()
    assert [type(one) for one in records] == [XenditStatements, MidtransStatements]
    assert list(both.webhook_verifiers()) == list(both.webhook_parsers()) == ["xendit", "midtrans"]


def test_money_of_a_gateway_that_is_not_configured_waits() -> None:
    with pytest.raises(Unavailable) as waits:
        registry_of("midtrans").gateways()["xendit"]
    assert waits.value.values == {"party": "xendit", "reason": "not_configured"}


def test_after_a_change_the_previous_gateway_keeps_its_own_key(
    after_a_change: container.Container,
) -> None:
    assert list(after_a_change.gateways) == ["xendit", "midtrans"]
    assert after_a_change.gateway is after_a_change.gateways["xendit"]
    configs = after_a_change._gateway_registry.configs
    keys = {one.name: one.keys.values()["server_key"] for one in configs}
    assert keys == {"xendit": "the key", "midtrans": "the former key"}


def test_a_previous_gateway_is_another_one_with_an_address() -> None:
    given = {**SETTINGS.model_dump(), "portals": "", "timestamp_urls": ""}
    assert Settings.model_validate({**given, "previous_gateway": ""}).previous_gateway is None
    for wrong in ({"previous_gateway": "midtrans"}, {"previous_gateway": "xendit"}):
        with pytest.raises(ValueError, match="previous_gateway"):
            Settings.model_validate({**given, **wrong})


def test_a_refund_names_the_gateway_that_took_its_payment() -> None:
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
        timer=None,
    )
    assert (refund.gateway, refund.transaction_id) == ("xendit", "pr-1")
