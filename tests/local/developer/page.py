"""From the figures to what the page's template shows."""

from collections.abc import Mapping
from datetime import timedelta, timezone
from typing import Any, Final, NamedTuple

from tests.local.developer.figures import LANES, Figures
from tests.local.developer.picture import BOX_HEIGHT, HEIGHT, WIDTH, picture
from tests.local.developer.switches import GATEWAY_CALLS, KMS_FAILS_S, SPANS
from tests.local.environment import PORTAL, Environment
from tests.local.issuer.login_page import PEOPLE
from tests.local.passing_time import ORDERS, REFUNDS, SERIALS
from tests.midtrans.ledger import Transaction
from tests.midtrans.pages import path_of, rupiah

_WIB: Final = timezone(timedelta(hours=7), "WIB")


class Charge(NamedTuple):
    """A row of the gateway's newest charges. `can`: the buttons that have an effect."""

    name: str
    amount: str
    state: str
    tone: str
    address: str
    can: tuple[str, ...]


def page_values(
    place: Environment, figures: Figures, schedules: Mapping[str, str]
) -> dict[str, Any]:
    account = place.account
    return {
        "figures": figures,
        "time": figures.at.astimezone(_WIB).strftime("%H:%M:%S WIB"),
        "zone": _WIB,
        "picture": picture(figures),
        "width": WIDTH,
        "height": HEIGHT,
        "box_height": BOX_HEIGHT,
        "charges": [_charge(place, one) for one in figures.charges],
        "records": (
            ("Orders", figures.states[ORDERS.table]),
            ("E-meterai", figures.states[SERIALS.table]),
            ("Refunds", figures.states[REFUNDS.table]),
        ),
        "workers": sorted({parts.worker for parts in LANES.values()}),
        "schedules": [
            (name, function.removesuffix("Function"))
            for name, function in sorted(schedules.items())
        ],
        "spans": SPANS,
        "kms_fails_s": KMS_FAILS_S,
        "gateway_calls": GATEWAY_CALLS,
        "kms_can_fail": account.outages is not None,
        "people": PEOPLE,
        "portal": PORTAL,
        "api_url": account.api_url,
        "gateway_url": place.gateway.url,
        "issuer_url": account.issuer_url,
        "endpoint_url": account.endpoint_url,
        "logs": account.logs.resolve(),
    }


def _charge(place: Environment, one: Transaction) -> Charge:
    can: tuple[str, ...] = ()
    tone = "note"
    if one.state == "pending" and not one.in_flight:
        can, tone = ("pay", "pay-unreported", "expire"), "warn"
    elif one.state == "settlement":
        can, tone = ("reverse",), "good"
    elif one.state in {"chargeback", "deny", "expire", "cancel"}:
        tone = "bad"
    state = "paid, money under way" if one.in_flight else one.state.replace("_", " ")
    address = place.gateway.url + path_of(one)
    return Charge(one.order_id, rupiah(one.gross_amount), state, tone, address, can)
