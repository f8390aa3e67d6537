"""The user pool, which the local issuer replaces (see `tests/local/issuer`)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType
from tests.local.errors import ResourceCreationError
from tests.local.resources.function_events import as_bool
from tests.local.specs import (
    ClientSpec,
    LoginDomainSpec,
    LoginStyleSpec,
    ResourceServerSpec,
    UserPoolSpec,
)

_UNIT_S = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_NO_USERS = "the local issuer keeps no users: anybody signs in, without a password"
# "Amazon Cognito requires HTTPS over HTTP except for callback URLs to http://localhost,
# http://127.0.0.1 and http://[::1] ... App callback URLs such as myapp://example are also
# supported", and "Not include a fragment component":
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
_RETURN_ADDRESS = re.compile(
    r"(?:https://|http://(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?(?=/|$)"
    r"|(?!https?:)[a-z][a-z0-9.+-]*:)[^#\s]*"
)


def _create_pool(pool: Declaration) -> Created:
    pool_id = f"{pool.place.region}_{_stable(pool, 'pool')[:9]}"
    return Created(
        ref=pool_id,
        attributes={
            "Arn": pool.place.arn("cognito-idp", f"userpool/{pool_id}"),
            "ProviderName": f"cognito-idp.{pool.place.region}.amazonaws.com/{pool_id}",
            "ProviderURL": pool.place.addresses.issuer_url,
            "UserPoolId": pool_id,
        },
        spec=UserPoolSpec(pool_id, "email" in pool.properties.get("UsernameAttributes", ())),
    )


def _create_resource_server(server: Declaration) -> Created:
    identifier = server.properties["Identifier"]
    scopes = tuple(
        f"{identifier}/{scope['ScopeName']}" for scope in server.properties.get("Scopes", ())
    )
    return Created(ref=identifier, spec=ResourceServerSpec(scopes))


def _create_client(client: Declaration) -> Created:
    """Id and secret are the same at every start, so a client that was configured once keeps
    working."""
    wanted = client.properties
    client_id = _stable(client, "id")[:26]
    secret = _stable(client, "secret") if as_bool(wanted.get("GenerateSecret", False)) else ""
    is_oauth = as_bool(wanted.get("AllowedOAuthFlowsUserPoolClient", False))
    spec = ClientSpec(
        logical_id=client.logical_id,
        client_id=client_id,
        client_secret=secret,
        scopes=tuple(wanted.get("AllowedOAuthScopes", ())),
        flows=tuple(wanted.get("AllowedOAuthFlows", ())) if is_oauth else (),
        callback_urls=tuple(wanted.get("CallbackURLs", ())),
        logout_urls=tuple(wanted.get("LogoutURLs", ())),
        access_token_s=_validity_s(wanted, "AccessToken", 1, "hours"),
        id_token_s=_validity_s(wanted, "IdToken", 1, "hours"),
        refresh_token_s=_validity_s(wanted, "RefreshToken", 30, "days"),
        retry_grace_s=_retry_grace_s(wanted.get("RefreshTokenRotation", {})),
        can_revoke=as_bool(wanted.get("EnableTokenRevocation", True)),
        pool_id=wanted["UserPoolId"],
    )
    for fault in _faults(spec, wanted.get("ExplicitAuthFlows") or _DEFAULT_FLOWS):
        raise ResourceCreationError(client.logical_id, client.type, fault)
    attributes = {"ClientId": client_id, "ClientSecret": secret}
    return Created(ref=client_id, attributes=attributes, spec=spec)


# What a client has that names none, or an empty list: the page above, ExplicitAuthFlows.
_DEFAULT_FLOWS = ("ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH")


def _validity_s(wanted: Mapping[str, Any], token: str, default: int, unit: str) -> int:
    units: Mapping[str, str] = wanted.get("TokenValidityUnits", {})
    return int(wanted.get(f"{token}Validity", default)) * _UNIT_S[units.get(token, unit)]


def _retry_grace_s(rotation: Mapping[str, Any]) -> int | None:
    is_on = rotation.get("Feature") == "ENABLED"
    return int(rotation.get("RetryGracePeriodSeconds", 0)) if is_on else None


def _faults(client: ClientSpec, auth_flows: Iterable[str]) -> Iterable[str]:
    """What Cognito would not create."""
    for address in (*client.callback_urls, *client.logout_urls):
        if not _RETURN_ADDRESS.fullmatch(address):
            yield f"people cannot return to {address}"
    if client.retry_grace_s is not None:
        if not 0 <= client.retry_grace_s <= 60:
            yield "RetryGracePeriodSeconds is 0 to 60"
        # https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html
        if "ALLOW_REFRESH_TOKEN_AUTH" in auth_flows:
            yield "rotation of refresh tokens excludes ALLOW_REFRESH_TOKEN_AUTH"
    # https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints-oauth-grants.html
    if "client_credentials" in client.flows:
        if len(client.flows) > 1:
            yield "client_credentials excludes the other flows"
        if not client.client_secret:
            yield "client_credentials needs a secret"
    if "code" in client.flows and not client.callback_urls:
        yield "the flow code needs CallbackURLs"


def _stable(declaration: Declaration, purpose: str) -> str:
    text = f"{declaration.place.stack_name}/{declaration.logical_id}/{purpose}"
    return hashlib.sha256(text.encode()).hexdigest()


def _create_domain(domain: Declaration) -> Created:
    version = int(domain.properties.get("ManagedLoginVersion", 1))
    return Created(ref=domain.properties["Domain"], spec=LoginDomainSpec(version))


def _create_style(style: Declaration) -> Created:
    client_id = style.properties["ClientId"]
    return Created(ref=_stable(style, "style"), spec=LoginStyleSpec(client_id))


def _accepted(reason: str, *names: str) -> Mapping[str, str]:
    return dict.fromkeys(names, reason)


TYPES = (
    ResourceType(
        name="AWS::Cognito::UserPool",
        applied=frozenset({"UsernameAttributes"}),
        accepted={
            **_accepted(
                _NO_USERS,
                "AccountRecoverySetting",
                "AdminCreateUserConfig",
                "AliasAttributes",
                "AutoVerifiedAttributes",
                "DeviceConfiguration",
                "EmailConfiguration",
                "EnabledMfas",
                "LambdaConfig",
                "MfaConfiguration",
                "Policies",
                "Schema",
                "SmsConfiguration",
                "UserAttributeUpdateSettings",
                "UserPoolAddOns",
                "UserPoolName",
                "UserPoolTier",
                "UsernameConfiguration",
                "VerificationMessageTemplate",
                "WebAuthnRelyingPartyID",
                "WebAuthnUserVerification",
            ),
            "DeletionProtection": "nothing outlives this account",
            "UserPoolTags": NO_BILLING,
        },
        create=_create_pool,
    ),
    ResourceType(
        name="AWS::Cognito::UserPoolResourceServer",
        applied=frozenset({"Identifier", "Scopes"}),
        accepted={"Name": "for people", "UserPoolId": "the local issuer serves all pools"},
        create=_create_resource_server,
    ),
    ResourceType(
        name="AWS::Cognito::UserPoolClient",
        applied=frozenset(
            {
                "AccessTokenValidity",
                "AllowedOAuthFlows",
                "AllowedOAuthFlowsUserPoolClient",
                "AllowedOAuthScopes",
                "CallbackURLs",
                "EnableTokenRevocation",
                "ExplicitAuthFlows",
                "GenerateSecret",
                "IdTokenValidity",
                "LogoutURLs",
                "RefreshTokenRotation",
                "RefreshTokenValidity",
                "TokenValidityUnits",
                "UserPoolId",
            }
        ),
        accepted={
            **_accepted(
                _NO_USERS,
                "AuthSessionValidity",
                "PreventUserExistenceErrors",
                "ReadAttributes",
                "SupportedIdentityProviders",
                "WriteAttributes",
            ),
            "ClientName": "for people",
            "DefaultRedirectURI": "a request names its own",
        },
        create=_create_client,
    ),
    ResourceType(
        name="AWS::Cognito::UserPoolDomain",
        applied=frozenset({"Domain", "ManagedLoginVersion"}),
        accepted={
            "CustomDomainConfig": "the issuer's address replaces the domain",
            "UserPoolId": "the local issuer serves all pools",
        },
        create=_create_domain,
    ),
    ResourceType(
        name="AWS::Cognito::ManagedLoginBranding",
        applied=frozenset({"ClientId"}),
        accepted={
            **_accepted("the local page has a style of its own", "Assets", "Settings"),
            "UseCognitoProvidedValues": "the local page has a style of its own",
            "UserPoolId": "the local issuer serves all pools",
        },
        create=_create_style,
    ),
    ResourceType(
        name="AWS::Cognito::UserPoolGroup",
        applied=frozenset(),
        accepted=_accepted(
            _NO_USERS, "Description", "GroupName", "Precedence", "RoleArn", "UserPoolId"
        ),
        create=lambda group: Created(ref=group.name("GroupName")),
    ),
)
