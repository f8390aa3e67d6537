"""The payment gateway of the local environment, as the operator chose it, and its parameters."""

from meterai.gateways.names import GatewayName
from tests.midtrans import MidtransSimulator
from tests.midtrans.gateway import GatewaySimulator
from tests.xendit import XenditSimulator

SERVER_KEY = "SB-Mid-server-development"
CREATOR_KEY, APPROVER_KEY = "IRIS-creator-development", "IRIS-approver-development"
SECRET_KEY, CALLBACK_TOKEN = "xnd_development", "a development callback token"


# Bank accounts that exist, for refunds that need one: the bank's short name and number, the holder.
BANK_ACCOUNTS = {
    ("bca", "1234567890"): "SRI WAHYUNI",
    ("bni", "0987654321"): "BUDI SANTOSO",
    ("mandiri", "5550001112"): "SITI AMINAH",
}


def seed_bank_accounts(gateway: GatewaySimulator) -> None:
    if isinstance(gateway, MidtransSimulator | XenditSimulator):
        gateway.payouts.accounts.update(BANK_ACCOUNTS)


def gateway_at(port: int, name: GatewayName, *, senders: int = 1) -> GatewaySimulator:
    """Runs on 127.0.0.1 as a context manager. With one of `senders`, webhooks keep their order."""
    match name:
        case "midtrans":
            return MidtransSimulator(
                server_key=SERVER_KEY,
                creator_key=CREATOR_KEY,
                approver_key=APPROVER_KEY,
                senders=senders,
                port=port,
            )
        case "xendit":
            return XenditSimulator(secret_key=SECRET_KEY, callback_token=CALLBACK_TOKEN, port=port)


def parameters_of(name: GatewayName, url: str) -> dict[str, str]:
    """The template's parameters for this gateway at `url`."""
    match name:
        case "midtrans":
            return {"Gateway": name, "GatewayUrl": url, "PayoutsUrl": url}
        case "xendit":
            return {"Gateway": name, "GatewayUrl": url}


def keys_of(name: GatewayName) -> dict[str, str]:
    """What an operator writes into the secret with the gateways' keys."""
    match name:
        case "midtrans":
            return {
                "server_key": SERVER_KEY,
                "creator_key": CREATOR_KEY,
                "approver_key": APPROVER_KEY,
            }
        case "xendit":
            return {"server_key": SECRET_KEY, "callback_token": CALLBACK_TOKEN}
