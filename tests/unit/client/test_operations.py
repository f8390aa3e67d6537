"""The client has every operation of `openapi.json`, each as it is described there."""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from meterai_client import client, operations
from meterai_client.operations import Operation

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "layers/meterai/openapi.json").read_text(encoding="utf-8")
)
DESCRIBED: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
OF_GATEWAYS = {"receive_webhook"}  # gateways call it, and sign what they send
OPERATIONS: dict[str, Operation[Any]] = {
    name.lower(): one for name, one in vars(operations).items() if isinstance(one, Operation)
}
IN_A_HEADER = {"preview": "image/png"}  # its facts are in `Meterai-Preview`


def test_every_operation_is_there_and_no_other() -> None:
    assert set(OPERATIONS) == set(DESCRIBED) - OF_GATEWAYS


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_is_as_described(name: str) -> None:
    verb, path, described = DESCRIBED[name]
    ours = OPERATIONS[name]
    parameters = [one for one in described["parameters"] if "$ref" not in one]
    headers = {one["name"] for one in parameters if one["in"] == "header"}
    assert (ours.verb, ours.path) == (verb, path)
    assert set(ours.query) == {one["name"] for one in parameters if one["in"] == "query"}
    assert ours.keyed == ("idempotency-key" in headers)
    assert ours.takes_ticket == ("meterai-ticket" in headers)
    assert headers <= {"idempotency-key", "meterai-ticket"}
    assert ours.public == (not described.get("security"))
    assert (ours.body and ours.body.__name__) == _model(described.get("requestBody"))
    [success] = [one for status, one in described["responses"].items() if status[0] == "2"]
    answers = "image/png" if name in IN_A_HEADER else ours.answer.__name__
    assert answers == (_model(success) or next(iter(success["content"])))


def test_the_client_calls_each_of_them() -> None:
    tree = ast.parse(Path(client.__file__).read_text(encoding="utf-8"))
    used = {
        node.attr.lower()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "op"
    }
    assert used == set(OPERATIONS)


def _model(described: dict[str, Any] | None) -> str | None:
    """The name of a JSON body's model."""
    content = (described or {"content": {}})["content"]
    if "application/json" not in content:
        return None
    return str(content["application/json"]["schema"]["$ref"].rpartition("/")[2])
