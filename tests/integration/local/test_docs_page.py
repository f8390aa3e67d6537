"""The page that describes the API, served without any other site."""

import json
from pathlib import Path

from werkzeug.test import Client

from tests.local.__main__ import OPENAPI
from tests.local.docs_page import REDIRECT_PATH, DocsPage

API_URL = "http://127.0.0.1:8000"
ISSUER_URL = "http://127.0.0.1:8001"


def test_the_page_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = Client(DocsPage(tmp_path / "openapi.json", API_URL, ISSUER_URL, "app"))
    text = page.get("/docs").text
    assert "//" not in text
    for asset in ("swagger-ui-bundle.min.js", "swagger-ui.min.css"):
        assert asset in text
        assert page.get(f"/docs/{asset}").status_code == 200


def test_the_description_names_this_account_as_its_server(tmp_path: Path) -> None:
    openapi = tmp_path / "openapi.json"
    page = Client(DocsPage(openapi, API_URL, ISSUER_URL, "app"))
    assert page.get("/openapi.json").status_code == 404
    openapi.write_text(json.dumps({"openapi": "3.1.0", "servers": []}), encoding="utf-8")
    assert page.get("/openapi.json").json == {
        "openapi": "3.1.0",
        "servers": [{"url": API_URL, "description": "local"}],
    }


def test_its_button_signs_in_at_this_account() -> None:
    page = Client(DocsPage(OPENAPI, API_URL, ISSUER_URL, "app"))
    assert 'clientId: "app", usePkceWithAuthorizationCodeGrant: true' in page.get("/docs").text
    assert "swaggerUIRedirectOauth2" in page.get(REDIRECT_PATH).text
    described = page.get("/openapi.json").json
    assert described is not None
    flow = described["components"]["securitySchemes"]["token"]["flows"]["authorizationCode"]
    assert flow["authorizationUrl"] == f"{ISSUER_URL}/oauth2/authorize"
    assert flow["tokenUrl"] == flow["refreshUrl"] == f"{ISSUER_URL}/oauth2/token"
