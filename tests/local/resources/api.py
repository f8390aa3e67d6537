"""The HTTP API."""

import hashlib
from collections.abc import Mapping
from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType
from tests.local.resources.function_events import as_bool
from tests.local.specs import ApiSpec, AuthorizerSpec, CorsSpec

_NO_THROTTLING = "throttling is not modelled; capacity is simulated elsewhere"


def _create_api(api: Declaration) -> Created:
    wanted = api.properties
    if wanted.get("StageName", "$default") != "$default":
        # Any other stage puts its name in front of every path.
        raise api.unhandled(f"StageName: {wanted['StageName']}")
    api_id = hashlib.sha256(f"{api.place.stack_name}/{api.logical_id}".encode()).hexdigest()[:10]
    auth = wanted.get("Auth", {})
    api.expect_keys("Auth", auth, {"Authorizers", "DefaultAuthorizer"})
    spec = ApiSpec(
        api_id=api_id,
        authorizers={
            name: _authorizer(api, name, declared)
            for name, declared in auth.get("Authorizers", {}).items()
        },
        default_authorizer=auth.get("DefaultAuthorizer"),
        cors=_cors(api, wanted.get("CorsConfiguration")),
    )
    url = api.place.addresses.api_url
    return Created(ref=api_id, attributes={"ApiEndpoint": url, "ApiId": api_id}, spec=spec)


def _authorizer(api: Declaration, name: str, declared: Mapping[str, Any]) -> AuthorizerSpec:
    where = f"Auth.Authorizers.{name}"
    api.expect_keys(where, declared, {"AuthorizationScopes", "IdentitySource", "JwtConfiguration"})
    source = declared.get("IdentitySource", "$request.header.Authorization")
    if source != "$request.header.Authorization":
        raise api.unhandled(f"{where}.IdentitySource: {source}")
    jwt = {key.lower(): value for key, value in declared["JwtConfiguration"].items()}
    audience = jwt.get("audience", [])
    return AuthorizerSpec(
        name=name,
        issuer=jwt["issuer"],
        audience=(audience,) if isinstance(audience, str) else tuple(audience),
        scopes=tuple(declared.get("AuthorizationScopes", ())),
    )


def _cors(api: Declaration, wanted: Any) -> CorsSpec | None:
    if not isinstance(wanted, dict):
        # SAM's short form: `CorsConfiguration: true` allows every origin.
        wanted = {"AllowOrigins": ["*"]} if as_bool(wanted) else None
    if wanted is None:
        return None
    api.expect_keys(
        "CorsConfiguration",
        wanted,
        {
            "AllowCredentials",
            "AllowHeaders",
            "AllowMethods",
            "AllowOrigins",
            "ExposeHeaders",
            "MaxAge",
        },
    )
    return CorsSpec(
        allow_origins=tuple(wanted.get("AllowOrigins", ())),
        allow_methods=tuple(method.upper() for method in wanted.get("AllowMethods", ())),
        allow_headers=tuple(wanted.get("AllowHeaders", ())),
        expose_headers=tuple(wanted.get("ExposeHeaders", ())),
        allow_credentials=as_bool(wanted.get("AllowCredentials", False)),
        max_age_s=int(wanted["MaxAge"]) if "MaxAge" in wanted else None,
    )


TYPES = (
    ResourceType(
        name="AWS::Serverless::HttpApi",
        applied=frozenset({"Auth", "CorsConfiguration", "StageName"}),
        accepted={
            "AccessLogSettings": "requests are logged to a file here",
            "DefaultRouteSettings": _NO_THROTTLING,
            "Description": "for people",
            "DisableExecuteApiEndpoint": "there is one address here",
            "Domain": "there is one address here",
            "FailOnWarnings": "concerns imported definitions",
            "Name": "for people",
            "PropagateTags": NO_BILLING,
            "RouteSettings": _NO_THROTTLING,
            "Tags": NO_BILLING,
        },
        create=_create_api,
    ),
)
