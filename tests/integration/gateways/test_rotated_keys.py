"""An instance with the old key of a gateway takes the new one when the gateway shows it."""

import json

import pytest

from meterai.domain.errors import GatewayRefused, Unavailable, WebhookRefused
from meterai.domain.refunds.payouts import BankAccount
from meterai.gateway_ports import KEYS_TTL_S, MIN_RENEW_S, gateway_registry
from meterai.gateways.keys import KEY_NAMES
from meterai.gateways.midtrans.webhooks import signature_of
from meterai.gateways.registry import GatewayRegistry
from meterai.settings import Settings
from tests.integration.gateways.merchant import START
from tests.midtrans import MidtransSimulator
from tests.unit.functions.function_app import SETTINGS
from tests.xendit import XenditSimulator

OLD, NEW = "the old key", "the new key"
SRI = BankAccount("bca", "1234567890", "SRI WAHYUNI")


class Secret:
    """The secret of the gateways' keys in Secrets Manager, how often it was read, and the time."""

    def __init__(self) -> None:
        self.key = OLD
        self.reads = 0
        self.now_s = 1_000.0

    def read(self) -> str:
        self.reads += 1
        names = ("server_key", "previous_server_key", "creator_key", "approver_key")
        return json.dumps(dict.fromkeys((*names, "callback_token"), self.key))


@pytest.fixture
def secret() -> Secret:
    return Secret()


def simulator_of(name: str) -> MidtransSimulator | XenditSimulator:
    if name == "midtrans":
        return MidtransSimulator(
            server_key=NEW, creator_key=NEW, approver_key=NEW, now=lambda: START, delay_factor=0.0
        )
    return XenditSimulator(secret_key=NEW, callback_token=NEW, now=lambda: START, delay_factor=0.0)


def registry_of(name: str, url: str, secret: Secret) -> GatewayRegistry:
    settings = Settings.model_validate(
        {
            **SETTINGS.model_dump(),
            "portals": "",
            "timestamp_urls": "",
            "gateway": name,
            "gateway_url": url,
            "payouts_url": url,
        }
    )
    return gateway_registry(settings, secret.read, timer=lambda: secret.now_s)


def webhook(name: str, key: str) -> tuple[str, dict[str, str]]:
    if name == "xendit":
        body = {"data": {"reference_id": "ord_A-1"}}
        return json.dumps(body), {"x-callback-token": key}
    signed = ("ord_A-1", "200", "12000.00")
    fields = dict(zip(("order_id", "status_code", "gross_amount"), signed, strict=True))
    return json.dumps({**fields, "signature_key": signature_of(*signed, key)}), {}


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_a_webhook_signed_by_the_new_key_is_accepted_at_once(name: str, secret: Secret) -> None:
    verify = registry_of(name, "", secret).webhook_verifiers()[name]
    assert verify(*webhook(name, OLD)).charge_id == "ord_A-1"
    secret.key = NEW
    secret.now_s += MIN_RENEW_S
    assert verify(*webhook(name, NEW)).charge_id == "ord_A-1"
    with pytest.raises(WebhookRefused):
        verify(*webhook(name, OLD))


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_forged_webhooks_cause_no_flood_of_reads(name: str, secret: Secret) -> None:
    verify = registry_of(name, "", secret).webhook_verifiers()[name]
    for _ in range(100):
        with pytest.raises(WebhookRefused):
            verify(*webhook(name, "a guess"))
        secret.now_s += MIN_RENEW_S / 50
    assert 1 <= secret.reads <= 3
    assert verify(*webhook(name, OLD)).charge_id == "ord_A-1"


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_a_malformed_webhook_causes_no_read(name: str, secret: Secret) -> None:
    verify = registry_of(name, "", secret).webhook_verifiers()[name]
    verify(*webhook(name, OLD))
    secret.now_s += MIN_RENEW_S
    _, headers = webhook(name, OLD)
    with pytest.raises(WebhookRefused):
        verify("{", headers)
    assert secret.reads == 1


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_a_request_refused_with_the_old_key_is_sent_again_with_the_new_one(
    name: str, secret: Secret
) -> None:
    with simulator_of(name) as simulator:
        registry = registry_of(name, simulator.url, secret)
        gateway, payouts = registry.gateways()[name], registry.payouts()[name]
        for request in (
            lambda: gateway.status("ord_A-1"),
            lambda: gateway.expire("ord_A-1"),
            lambda: payouts.pay_out("rfd_A-1", SRI, 12_000, "a refund"),
        ):
            secret.key = OLD
            secret.now_s += KEYS_TTL_S
            with pytest.raises(GatewayRefused):
                request()
            secret.key = NEW
            with pytest.raises(GatewayRefused):  # the secret has just been read
                request()
            secret.now_s += MIN_RENEW_S
            request()
        assert len(simulator.payouts.made) == 1


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_a_secret_without_keys_sends_nothing_and_a_new_key_is_used_at_once(
    name: str, secret: Secret
) -> None:
    secret.key = ""
    with simulator_of(name) as simulator:
        gateway = registry_of(name, simulator.url, secret).gateways()[name]
        with pytest.raises(Unavailable) as refused:
            gateway.status("ord_A-1")
        assert refused.value.values == {"party": name, "reason": "no_key", "key": "server_key"}
        secret.key = NEW
        secret.now_s += MIN_RENEW_S
        gateway.status("ord_A-1")


def test_a_key_that_the_secret_does_not_have_is_empty() -> None:
    registry = gateway_registry(SETTINGS, lambda: json.dumps({"server_key": NEW}))
    (config,) = registry.configs
    assert {name: config.keys.values()[name] for name in KEY_NAMES} == {
        "server_key": NEW,
        "callback_token": "",
        "creator_key": "",
        "approver_key": "",
        "previous_server_key": "",
    }


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_without_any_sign_a_rotated_key_is_read_within_minutes(name: str, secret: Secret) -> None:
    verify = registry_of(name, "", secret).webhook_verifiers()[name]
    verify(*webhook(name, OLD))
    secret.key = NEW
    secret.now_s += KEYS_TTL_S
    verify(*webhook(name, NEW))
    assert secret.reads == 2
