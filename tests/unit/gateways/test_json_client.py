"""Responses of a gateway that are no JSON object, and the key that is never shown."""

import pytest

from meterai.domain.errors import Unavailable
from meterai.gateways.json_client import JsonClient, read_object
from meterai.http_client import Reply


@pytest.mark.parametrize("data", [b"", b"<html>", b"[]", b"[" * 100_000, b"\xff", b'"text"'])
def test_a_body_that_is_no_json_object_is_unavailable(data: bytes) -> None:
    with pytest.raises(Unavailable):
        read_object("gateway", Reply(200, data))


def test_the_key_is_in_no_repr() -> None:
    assert "hush" not in repr(JsonClient("gateway", "https://gateway.example", "hush"))
