"""The user pool, whose tokens the local issuer gives (see `issuer.py`)."""

import hashlib
from collections.abc import Mapping

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType
from tests.local.resources.function_events import as_bool
from tests.local.specs import ClientSpec, ResourceServerSpec, UserPoolSpec

_UNIT_S = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
_NO_USERS = "the local issuer keeps no users: it gives a token for any name"


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
        spec=UserPoolSpec(pool_id),
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
    unit = wanted.get("TokenValidityUnits", {}).get("AccessToken", "hours")
    spec = ClientSpec(
        logical_id=client.logical_id,
        client_id=client_id,
        client_secret=secret,
        scopes=tuple(wanted.get("AllowedOAuthScopes", ())),
        flows=tuple(wanted.get("AllowedOAuthFlows", ())),
        access_token_s=int(wanted.get("AccessTokenValidity", 1)) * _UNIT_S[unit],
    )
    attributes = {"ClientId": client_id, "ClientSecret": secret}
    return Created(ref=client_id, attributes=attributes, spec=spec)


def _stable(declaration: Declaration, purpose: str) -> str:
    text = f"{declaration.place.stack_name}/{declaration.logical_id}/{purpose}"
    return hashlib.sha256(text.encode()).hexdigest()


def _create_domain(domain: Declaration) -> Created:
    return Created(ref=domain.properties["Domain"])


def _accepted(reason: str, *names: str) -> Mapping[str, str]:
    return dict.fromkeys(names, reason)


TYPES = (
    ResourceType(
        name="AWS::Cognito::UserPool",
        applied=frozenset(),
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
                "UsernameAttributes",
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
        accepted={"Name": "for people", "UserPoolId": "there is one pool here"},
        create=_create_resource_server,
    ),
    ResourceType(
        name="AWS::Cognito::UserPoolClient",
        applied=frozenset(
            {
                "AccessTokenValidity",
                "AllowedOAuthFlows",
                "AllowedOAuthScopes",
                "GenerateSecret",
                "TokenValidityUnits",
            }
        ),
        accepted={
            **_accepted(
                _NO_USERS,
                "AuthSessionValidity",
                "ExplicitAuthFlows",
                "IdTokenValidity",
                "PreventUserExistenceErrors",
                "ReadAttributes",
                "RefreshTokenRotation",
                "RefreshTokenValidity",
                "SupportedIdentityProviders",
                "WriteAttributes",
            ),
            **_accepted(
                "there is no login page here, so nothing is redirected",
                "CallbackURLs",
                "DefaultRedirectURI",
                "LogoutURLs",
            ),
            "AllowedOAuthFlowsUserPoolClient": "the flows that are listed are the allowed ones",
            "ClientName": "for people",
            "EnableTokenRevocation": "tokens here live for as long as they say",
            "UserPoolId": "there is one pool here",
        },
        create=_create_client,
    ),
    ResourceType(
        name="AWS::Cognito::UserPoolDomain",
        applied=frozenset({"Domain"}),
        accepted={
            "CustomDomainConfig": "the issuer's address replaces the domain",
            "ManagedLoginVersion": "there is no login page here",
            "UserPoolId": "there is one pool here",
        },
        create=_create_domain,
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
