"""What the account opens with: three people who have done something, through the API as everybody
does it.

Sri has paid for three e-meterai and stamped a letter for the portal. Siti has paid into a virtual
account and wants one back: her refund waits for a bank account. Budi has asked for a stamp and has
still to pay.
"""

from pathlib import Path
from typing import Final

from meterai.api import OrderAnswer
from meterai_client import Client, Method, PlacementBesideText, StampingRequest
from tests.local.environment import PORTAL, Environment

LETTER: Final = Path(__file__).parents[2] / "fixtures" / "documents" / "surat-lamaran.pdf"
SRI, SITI, BUDI = "sri@pelamar.example", "siti@pelamar.example", "budi@pelamar.example"
_WAIT_S = 120.0


def seed(place: Environment) -> None:
    """Takes some seconds. Raises what the API refuses, as with a price that brings faults."""
    sri, siti, budi = (_client(place, person) for person in (SRI, SITI, BUDI))
    bought = sri.buy(3)
    stamping = sri.request_stamping(_letter(sri, bought, portal=PORTAL))
    _pay(place, bought)
    by_account = siti.buy(2, Method.VIRTUAL_ACCOUNT)
    _pay(place, by_account)
    budi.request_stamping(_letter(budi, budi.buy(1)))
    siti.wait_until_paid(by_account.order_id, timeout_s=_WAIT_S)
    siti.request_refund(by_account.order_id, 1)
    sri.wait_until_stamped(stamping.stamping_id, timeout_s=_WAIT_S)


def _client(place: Environment, person: str) -> Client:
    return Client(place.account.api_url, place.token(username=person))


def _letter(client: Client, order: OrderAnswer, portal: str | None = None) -> StampingRequest:
    return StampingRequest(
        order_id=order.order_id,
        document=client.upload(LETTER.read_bytes()),
        placements=[PlacementBesideText(at="text", text="Hormat saya", side_pt=76.0)],
        reason="Surat lamaran",
        portal=portal,
    )


def _pay(place: Environment, order: OrderAnswer) -> None:
    place.gateway.pay(f"{order.order_id}-1")
