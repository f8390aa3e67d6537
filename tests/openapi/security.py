"""Who may call what, as `template.yaml` says."""

from pathlib import Path
from typing import Any

from tests.local.template import Template

Json = dict[str, Any]

SIGN_IN = Path(__file__).with_name("sign_in.md")


def scopes_of(function: str, method: str, path: str, template: Template) -> list[str]:
    name = function.replace("_", " ").title().replace(" ", "") + "Function"
    events = template.resources[name].properties["Events"].values()
    (auth,) = (
        event["Properties"]["Auth"]
        for event in events
        if (event["Properties"]["Method"], event["Properties"]["Path"]) == (method, path)
    )
    scopes: list[str] = auth.get("AuthorizationScopes", [])
    return scopes


def scheme_of(scope: str) -> str:
    return "operator" if scope.endswith("/operator") else "token"


def oauth(template: Template) -> Json:
    scopes = _scopes("Scopes", template)
    sign_in = "https://sign-in.meterai.example/oauth2"
    person = {scope: text for scope, text in scopes.items() if scope.endswith("/applicant")}
    return {
        "type": "oauth2",
        "description": SIGN_IN.read_text(encoding="utf-8"),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{sign_in}/authorize",
                "tokenUrl": f"{sign_in}/token",
                "refreshUrl": f"{sign_in}/token",
                "scopes": {"openid": "An ID token, which says who signed in", **person},
            },
            "clientCredentials": {
                "tokenUrl": f"{sign_in}/token",
                "scopes": {scope: text for scope, text in scopes.items() if scope not in person},
            },
        },
    }


def operator_oauth(template: Template) -> Json:
    sign_in = "https://operators.meterai.example/oauth2"
    return {
        "type": "oauth2",
        "description": (
            "A JWT of an operator, who signs in with a second factor (`meterai_cli sign-in`)."
        ),
        "flows": {
            "authorizationCode": {
                "authorizationUrl": f"{sign_in}/authorize",
                "tokenUrl": f"{sign_in}/token",
                "scopes": _scopes("OperatorScopes", template),
            }
        },
    }


def _scopes(resource_server: str, template: Template) -> Json:
    server = template.resources[resource_server].properties
    return {
        f"{server['Identifier']}/{one['ScopeName']}": one["ScopeDescription"]
        for one in server["Scopes"]
    }
