"""The page that describes the API, served without any other site."""

import json
from pathlib import Path

from werkzeug.test import Client

from tests.local.docs_page import DocsPage

API_URL = "http://127.0.0.1:8000"


def test_the_page_loads_nothing_from_elsewhere(tmp_path: Path) -> None:
    page = Client(DocsPage(tmp_path / "openapi.json", API_URL))
    text = page.get("/docs").text
    assert "//" not in text
    for asset in ("swagger-ui-bundle.min.js", "swagger-ui.min.css"):
        assert asset in text
        assert page.get(f"/docs/{asset}").status_code == 200


def test_the_description_names_this_account_as_its_server(tmp_path: Path) -> None:
    openapi = tmp_path / "openapi.json"
    page = Client(DocsPage(openapi, API_URL))
    assert page.get("/openapi.json").status_code == 404
    openapi.write_text(json.dumps({"openapi": "3.1.0", "servers": []}), encoding="utf-8")
    assert page.get("/openapi.json").json == {
        "openapi": "3.1.0",
        "servers": [{"url": API_URL, "description": "local"}],
    }
