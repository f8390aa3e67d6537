"""The API's description as a page: Swagger UI from the copy in Powertools, without a CDN."""

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler.openapi.swagger_ui import generate_oauth2_redirect_html
from werkzeug.wrappers import Request, Response

from tests.local.http_answers import message

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_ASSETS = files("aws_lambda_powertools.event_handler.openapi.swagger_ui")
_SIGN_IN_HOST = "https://sign-in.meterai.example"  # in the description
_MEDIA_TYPES = {
    "swagger-ui-bundle.min.js": "text/javascript; charset=utf-8",
    "swagger-ui.min.css": "text/css; charset=utf-8",
}
_PAGE = Template(
    """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Meterai API (local development account)</title>
<link rel="stylesheet" href="/docs/swagger-ui.min.css">
</head>
<body>
<div id="page"></div>
<script src="/docs/swagger-ui-bundle.min.js"></script>
<script>
const page = SwaggerUIBundle({
  url: "/openapi.json", dom_id: "#page", persistAuthorization: true,
  oauth2RedirectUrl: location.origin + "$redirect"
})
page.initOAuth({
  clientId: "$client", usePkceWithAuthorizationCodeGrant: true,
  scopes: ["openid", "meterai/applicant"]
})
</script>
</body>
</html>
"""
)
# Where the sign-in page returns to: an address of `SignInCallbacks`.
REDIRECT_PATH = "/docs/signed-in"


class DocsPage:
    """A WSGI application: `/docs` and `/openapi.json`, whose server is this account's API. Its
    button "Authorize" signs in at this account's issuer."""

    def __init__(self, openapi: Path, api_url: str, issuer_url: str, client_id: str) -> None:
        self._openapi = openapi
        self._api_url = api_url
        self._issuer_url = issuer_url
        self._client_id = client_id

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self._answer(Request(environ).path)(environ, start_response)

    def _answer(self, path: str) -> Response:
        name = path.removeprefix("/docs/")
        if path in {"/docs", "/docs/"}:
            return _html(_PAGE.substitute(client=self._client_id, redirect=REDIRECT_PATH))
        if path == REDIRECT_PATH:
            return _html(generate_oauth2_redirect_html())
        if path == "/openapi.json":
            return self._description()
        if name in _MEDIA_TYPES:
            asset = _ASSETS.joinpath(name).read_bytes()
            return Response(asset, content_type=_MEDIA_TYPES[name])
        return message(404, "Not Found")

    def _description(self) -> Response:
        """Read at each request: the file may be made while the account is running."""
        if not self._openapi.is_file():
            return message(404, f"there is no {self._openapi}")
        description = json.loads(self._openapi.read_text(encoding="utf-8"))
        description["servers"] = [{"url": self._api_url, "description": "local"}]
        text = json.dumps(description).replace(_SIGN_IN_HOST, self._issuer_url)
        return Response(text, content_type="application/json")


def _html(page: str) -> Response:
    return Response(page, content_type="text/html; charset=utf-8")
