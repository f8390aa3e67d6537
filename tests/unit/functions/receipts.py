"""Helpers of the tests of deadline receipts: getting one, and a portal's keys."""

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import before


def keys_of(memory_app: FunctionApp, *names: str) -> dict[str, str]:
    """As a portal fetches them."""
    fetched = {}
    for name in names:
        event = sample("read_receipt_key")
        answer = memory_app.request(
            event | {"pathParameters": {"key_id": name}, "rawPath": f"/v1/receipt-keys/{name}"}
        )
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert "max-age" in str(answer.headers["Cache-Control"])
        fetched[name] = answer.text
    return fetched


def accepted(memory_app: FunctionApp) -> str:
    """The receipt in the response of POST /v1/stampings."""
    memory_app.invoke("renew_receipt_key", sample("renew_receipt_key"))
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("request_stamping"))
    assert answer.status == 202
    return str(answer.json["receipt"])
