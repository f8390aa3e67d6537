"""Who may call which route."""

import re
from typing import Any

import pytest

from tests.architecture.tree import FUNCTIONS as FUNCTION_FOLDERS
from tests.architecture.tree import PACKAGE, python_files
from tests.integration.template.declared import TEMPLATE, default_of, functions, of_type
from tests.integration.template.test_functions import SHOW_PAGES
from tests.local.template import Resource

FUNCTIONS = functions()

# All HTTP routes. None: open to everybody, for the reason in the template.
ROUTES = {
    "POST /v1/orders": {"applicant"},
    "GET /v1/orders": {"applicant"},
    "GET /v1/orders/{order_id}": {"applicant"},
    "POST /v1/orders/{order_id}/cancel": {"applicant"},
    "POST /v1/orders/{order_id}/refunds": {"applicant"},
    "GET /v1/refunds": {"applicant"},
    "GET /v1/refunds/{refund_id}": {"applicant"},
    "POST /v1/refunds/{refund_id}/claim-links": {"applicant"},
    "POST /v1/refunds/{refund_id}/claims": {"applicant"},
    "POST /v1/documents": {"applicant", "portal"},
    "POST /v1/preflights": {"applicant", "portal"},
    "POST /v1/previews": {"applicant", "portal"},
    "POST /v1/stampings": {"applicant"},
    "GET /v1/stampings": {"applicant"},
    "GET /v1/stampings/{stamping_id}": {"applicant"},
    "POST /v1/verifications": {"applicant", "portal"},
    "GET /v1/ledger": {"applicant"},
    "GET /v1/operator/ledger": {"operator"},
    "POST /v1/portals/{portal}/deadline": {"portal"},
    "POST /v1/operator/portals/{portal}/deadline": {"operator"},
    "GET /v1/portals/{portal}": {"applicant", "portal"},
    "POST /v1/waiting-room/tickets": {"applicant"},
    "GET /v1/waiting-room/tickets/{ticket}": {"applicant"},
    "GET /v1/stampings/{stamping_id}/receipt": {"applicant"},
    "GET /v1/receipt-keys/{key_id}": None,
    "POST /v1/webhooks/{gateway}": None,
    "GET /S/{serial}": None,
    "HEAD /S/{serial}": None,
    "GET /R/{token}": None,
    "HEAD /R/{token}": None,
}

# Those of pages, which have no token but a session in a cookie: only the function can check it.
PAGES = {
    "GET /",
    "GET /statis/{name}",
    "GET /periksa",
    "GET /kinerja",
    "GET /kinerja.json",
    "GET /periksa/{page+}",
    "GET /saya",
    "GET /saya/{page+}",
    "POST /saya/{page+}",
    "GET /berhenti/{token}",
    "POST /berhenti/{token}",
    "GET /saya/tanda-terima/{stamping_id}",
    "GET /masuk",
    "GET /masuk/kembali",
    "GET /keluar",
    "POST /keluar",
    "GET /operator",
    "GET /operator/{page+}",
    "POST /operator/{page+}",
}


def test_each_route_requires_its_scopes() -> None:
    declared, pages = {}, set()
    for function in FUNCTIONS.values():
        for event in function.events("HttpApi"):
            assert event["ApiId"] == {"Ref": "Api"}
            route = f"{event['Method']} {event['Path']}"
            if function.folder in SHOW_PAGES and not event["Path"].startswith("/v1/"):
                assert scopes_of(event["Auth"]) is None
                pages.add(route)
            else:
                declared[route] = scopes_of(event["Auth"])
    assert declared == ROUTES
    assert pages == PAGES


def scopes_of(auth: dict[str, Any]) -> set[str] | None:
    if auth == {"Authorizer": "NONE"}:
        return None
    scopes = {scope.removeprefix("meterai/") for scope in auth["AuthorizationScopes"]}
    # Of the pool that has this scope.
    assert auth.get("Authorizer") == ("Operators" if scopes == {"operator"} else None)
    return scopes


def test_a_route_without_an_own_authorizer_needs_a_token_of_the_public_pool() -> None:
    auth = TEMPLATE.resources["Api"].properties["Auth"]
    assert auth["DefaultAuthorizer"] == "Tokens"
    pools = {"Tokens": "UserPool", "Operators": "OperatorPool"}
    assert {name: one["JwtConfiguration"] for name, one in auth["Authorizers"].items()} == {
        authorizer: {
            "issuer": {
                "Fn::Sub": f"https://cognito-idp.${{AWS::Region}}.amazonaws.com/${{{pool}}}",
            },
            "audience": [{"Ref": client} for client in clients_of(pool)],
        }
        for authorizer, pool in pools.items()
    }


def clients_of(pool: str) -> dict[str, Resource]:
    return {
        name: client
        for name, client in of_type("AWS::Cognito::UserPoolClient").items()
        if client.properties["UserPoolId"] == {"Ref": pool}
    }


def own_scopes(client: Resource) -> set[str]:
    scopes: list[str] = client.properties["AllowedOAuthScopes"]
    return {scope for scope in scopes if scope.startswith("meterai/")}


def test_a_scope_that_people_can_sign_up_for_is_the_applicants_alone() -> None:
    """People who signed up can sign in through any client of their pool with a sign-in page.
    Clients with other scopes have a secret instead."""
    for client in clients_of("UserPool").values():
        if own_scopes(client) == {"meterai/applicant"}:
            assert client.properties["AllowedOAuthFlows"] == ["code"]
            assert client.properties["GenerateSecret"] is False
        else:
            assert client.properties["AllowedOAuthFlows"] == ["client_credentials"]
            assert client.properties["GenerateSecret"] is True


def test_people_sign_in_on_pages_that_know_their_language() -> None:
    """Managed login, with the style without which it has no pages. `lang=id` works there alone."""
    assert TEMPLATE.resources["UserPool"].properties["UserPoolTier"] == "ESSENTIALS"
    assert TEMPLATE.resources["SignInPages"].properties["ManagedLoginVersion"] == 2
    style = TEMPLATE.resources["SignInStyle"].properties
    assert style["ClientId"] == {"Ref": "ApplicantClient"}
    assert style["UseCognitoProvidedValues"] is True


def test_the_code_for_signing_up_comes_in_both_languages() -> None:
    condition, text, none = TEMPLATE.resources["UserPool"].properties[
        "VerificationMessageTemplate"
    ]["Fn::If"]
    # "You can set an EmailMessage template only if the value of EmailSendingAccount is DEVELOPER":
    # https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_VerificationMessageTemplateType.html
    assert (condition, none) == ("HasSesIdentity", {"Ref": "AWS::NoValue"})
    assert text["DefaultEmailOption"] == "CONFIRM_WITH_CODE"
    assert text["EmailMessage"].count("{####}") == 1
    assert all(word in text["EmailMessage"] for word in ("Kode Anda", "your code"))


def test_people_sign_in_by_code_alone_and_refresh_tokens_rotate() -> None:
    client = TEMPLATE.resources["ApplicantClient"].properties
    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["AllowedOAuthScopes"] == ["openid", "email", "meterai/applicant"]
    assert client["RefreshTokenRotation"] == {"Feature": "ENABLED", "RetryGracePeriodSeconds": 60}
    # With a flow of its API, Cognito would take passwords past the pages.
    assert client["ExplicitAuthFlows"] == ["ALLOW_CUSTOM_AUTH"]
    assert "LambdaConfig" not in TEMPLATE.resources["UserPool"].properties


@pytest.mark.parametrize(
    ("callbacks", "fits"),
    [
        ("https://pages.example/", True),
        ("https://pages.example/,com.example.app:/signed-in,https://app.example/signed-in", True),
        ("http://localhost:8080/,http://127.0.0.1:8080/x,http://[::1]:8080/", True),
        ("", False),
        ("pages.example", False),
        ("http://pages.example/", False),
        ("http://localhost.pages.example/", False),
        ("https://pages.example/#signed-in", False),
        ("https://pages.example/, https://app.example/", False),
        ("https://pages.example/,", False),
        ("https://pages.example/,http://pages.example/", False),
    ],
)
def test_only_addresses_that_cognito_takes_are_given_to_it(callbacks: str, fits: bool) -> None:  # noqa: FBT001
    pattern = TEMPLATE.parameters["SignInCallbacks"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, callbacks)) is fits


def test_operators_are_made_by_an_administrator_and_have_a_second_factor() -> None:
    pool = TEMPLATE.resources["OperatorPool"].properties
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert (pool["MfaConfiguration"], pool["EnabledMfas"]) == ("ON", ["SOFTWARE_TOKEN_MFA"])
    assert "UsernameAttributes" not in pool  # a name that the audit trail shows, and no address
    (client,) = clients_of("OperatorPool").values()
    assert client.properties["AllowedOAuthFlows"] == ["code"]  # a person, and no machine
    back, own = client.properties["CallbackURLs"]
    assert back["Fn::Sub"][0] == "${Pages}/operator/masuk/kembali"
    assert own == "http://localhost:8080/"  # `sign-in`'s own


def test_every_scope_is_declared_in_the_pool_of_its_one_client() -> None:
    asked = {f"meterai/{scope}" for scopes in ROUTES.values() for scope in scopes or ()}
    declared = {
        f"meterai/{scope['ScopeName']}": server.properties["UserPoolId"]
        for server in of_type("AWS::Cognito::UserPoolResourceServer").values()
        for scope in server.properties["Scopes"]
    }
    held = [
        (scope, client.properties["UserPoolId"])
        for client in of_type("AWS::Cognito::UserPoolClient").values()
        for scope in own_scopes(client)
    ]
    assert dict(held) == declared
    assert len(held) == len(declared)
    assert asked == set(declared)


def test_the_qr_address_fits_its_code() -> None:
    """Version 3-M takes 61 alphanumeric characters: HTTPS:// + host + /S/ + 22."""
    longest = 61 - len("HTTPS://") - len("/S/") - 22
    assert longest == 28
    assert TEMPLATE.parameters["PublicHost"]["AllowedPattern"] == ("^[a-z0-9][a-z0-9.-]{2,27}$")


def test_the_headers_that_pages_may_read_are_sent() -> None:
    code = "".join(
        path.read_text(encoding="utf-8").lower()
        for path in (*python_files(FUNCTION_FOLDERS), *python_files(PACKAGE / "entrypoints"))
    )
    _, cors, _ = TEMPLATE.resources["Api"].properties["CorsConfiguration"]["Fn::If"]
    exposed = cors["ExposeHeaders"]
    assert [header for header in exposed if f'"{header}"' not in code] == []


SLOW = {  # they open a document, or read many items
    "GET /periksa/{page+}",
    "POST /v1/preflights",
    "POST /v1/previews",
    "POST /v1/verifications",
    "GET /v1/orders",
    "GET /v1/stampings",
    "GET /v1/refunds",
    "GET /v1/ledger",
}


KEPT = {"GET /kinerja", "GET /kinerja.json"}  # by the edge, for five minutes
KEPT_PER_S = 10


def test_a_flood_of_public_and_slow_routes_leaves_a_third_to_those_who_buy_and_wait() -> None:
    """Webhooks have no limit of their own: none may be lost."""
    limits = TEMPLATE.resources["Api"].properties["RouteSettings"]
    open_to_all = {route for route, scopes in ROUTES.items() if scopes is None}
    public = open_to_all - {"POST /v1/webhooks/{gateway}"}
    named = {"PublicRequestsPerSecond": public, "SlowRequestsPerSecond": SLOW}
    both = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
    assert limits == {
        route: {key: {"Ref": parameter} for key in both}
        for parameter, routes in named.items()
        for route in routes
    } | {route: dict.fromkeys(both, KEPT_PER_S) for route in KEPT}
    flood = sum(default_of(parameter) * len(routes) for parameter, routes in named.items())
    flood += KEPT_PER_S * len(KEPT)
    assert flood <= default_of("ApiRequestsPerSecond") * 2 / 3
