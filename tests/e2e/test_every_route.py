"""Tenants: on every route, another account's ids get the same response as unknown ones.

The routes are the template's and the bodies those of `events/`, so a new route is tested too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest

from meterai.aws.keys.token_keys import SecretTokenKeys
from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.waiting.tickets import QueueTicket, ticket_text
from tests.applicant.client import Json
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer
from tests.e2e.refusal import refusal
from tests.integration.template.declared import ROOT, functions

# Ids that do not exist, in the form of existing ones.
UNKNOWN_IDS = {
    "order_id": "ord_AAAAAAAAAAAAAAAAAAAAAAAAAA",
    "stamping_id": "0000000000000000000000",
    "refund_id": "rfd_AAAAAAAAAAAAAAAAAAAAAAAAAA",
    "document": "a" * 64,
    "ticket": "1795485540000." + "A" * 30,
}
# A document is named by its content, under its account: a missing one is not uploaded yet.
BY_CONTENT = "document_missing"
NAMES_NOTHING = {
    "GET /v1/ledger",
    "GET /v1/orders",
    "GET /v1/refunds",
    "GET /v1/stampings",
    "POST /v1/orders",
    "POST /v1/documents",
    "POST /v1/waiting-room/tickets",
}
PUBLIC_NAMES = {"portal"}  # every account may read it; other tests here check its content


class Route(NamedTuple):
    method: str
    path: str
    body: Json | None
    names: tuple[str, ...]  # the ids in its path and body

    def filled(self, ids: Mapping[str, str]) -> tuple[str, str, Json | None]:
        path = self.path
        for name in self.names:
            path = path.replace(f"{{{name}}}", ids[name])
        body = self.body and {k: ids.get(k, value) for k, value in self.body.items()}
        return self.method, path, body


def routes() -> Iterator[Any]:
    for function in functions().values():
        for event in function.events("HttpApi"):
            if "Authorizer" in event["Auth"]:
                continue  # public: it shows no account; or an operator's, who may see any
            sample = json.loads((ROOT / "events" / f"{function.folder}.json").read_text())
            body = json.loads(sample["body"]) if "body" in sample else None
            names = re.findall(r"\{(\w+)\}", event["Path"]) + [
                n for n in body or () if n in UNKNOWN_IDS
            ]
            if PUBLIC_NAMES & set(names):
                continue
            route = Route(event["Method"].upper(), event["Path"], body, tuple(names))
            yield pytest.param(route, id=f"{route.method} {route.path}")


ROUTES = list(routes())


def token_signer(customer: Customer) -> TokenSigner:
    """The system's own."""
    account = customer.environment.account
    client = account.client("secretsmanager")
    keys = SecretTokenKeys(client, account.physical("TokenSecret")).stored()
    return TokenSigner(lambda: keys, lambda: None, lambda: datetime.now(UTC))


@pytest.fixture(scope="module")
def owned(new_customer: NewCustomer) -> dict[str, str]:
    """One of each, of one account."""
    owner: Customer = new_customer()
    order = owner.paid_order(3)
    stamped = owner.stamped(order)
    refund = owner.applicant.refund(order["order_id"], 1)
    owner.settle()
    return {
        "order_id": order["order_id"],
        "stamping_id": stamped["stamping_id"],
        "refund_id": refund["refund_id"],
        "document": owner.stamping_body(order)["document"],
        "ticket": ticket_text(QueueTicket(owner.subject, datetime.now(UTC)), token_signer(owner)),
    }


def test_every_route_names_an_id_or_is_known_to_name_none() -> None:
    nameless = {one.id for one in ROUTES if not one.values[0].names}
    assert nameless == NAMES_NOTHING


@pytest.mark.parametrize("route", [one for one in ROUTES if one.id not in NAMES_NOTHING])
def test_another_accounts_ids_get_the_response_of_unknown_ones(
    route: Route, owned: dict[str, str], new_customer: NewCustomer
) -> None:
    stranger = new_customer().applicant
    foreign, unknown = (refusal(stranger.ask(*route.filled(ids))) for ids in (owned, UNKNOWN_IDS))
    assert (foreign.status, foreign.code) == (unknown.status, unknown.code)
    if foreign.code == BY_CONTENT:
        assert route.names == ("document",)
    else:
        assert (foreign.status, foreign.code) == (404, "not_found")
