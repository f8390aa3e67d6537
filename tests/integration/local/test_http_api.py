"""The HTTP API: routes, events, responses, limits."""

import base64
import json

import pytest

from tests.integration.local.asking import Call
from tests.local.account import LocalAccount


@pytest.fixture(scope="module")
def authorization(account: LocalAccount) -> dict[str, str]:
    return {"Authorization": f"Bearer {account.token('Machine')}"}


@pytest.mark.parametrize(
    ("path", "route", "parameters"),
    [
        ("/items/special", "GET /items/special", None),
        ("/items/a%2Fb%20c", "GET /items/{item}", {"item": "a/b c"}),
        ("/open/a/b", "ANY /open/{proxy+}", {"proxy": "a/b"}),
    ],
)
def test_the_most_specific_route_is_taken(
    call: Call,
    authorization: dict[str, str],
    path: str,
    route: str,
    parameters: dict[str, str] | None,
) -> None:
    event = call("GET", path, headers=authorization).json()
    assert (event["routeKey"], event.get("pathParameters")) == (route, parameters)


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("DELETE", "/items/1")])
def test_a_path_without_a_route_is_not_found(call: Call, method: str, path: str) -> None:
    answer = call(method, path)
    assert (answer.status, answer.body) == (404, b'{"message":"Not Found"}')


def test_links_to_the_public_host_open_here(call: Call, account: LocalAccount) -> None:
    """The sample answers with its event, which here names two hosts."""
    names = {"X-Link": "https://public.example/R/abc", "X-Other": "https://other.example/"}
    headers = call("GET", "/open/x", headers=names).json()["headers"]
    assert headers["x-link"] == f"{account.api_url}/R/abc"
    assert headers["x-other"] == "https://other.example/"


def test_the_event_has_payload_format_2(call: Call, account: LocalAccount) -> None:
    event = call(
        "GET",
        "/open/x?a=1&b=two%20words&a=2&empty=",
        headers={"X-Mixed-Case": "one", "Cookie": "c=1; d=2", "User-Agent": "test"},
    ).json()
    context = event["requestContext"]
    assert event["version"] == "2.0"
    assert event["rawPath"] == "/open/x"
    assert event["rawQueryString"] == "a=1&b=two%20words&a=2&empty="
    assert event["queryStringParameters"] == {"a": "1,2", "b": "two words", "empty": ""}
    assert event["headers"]["x-mixed-case"] == "one"
    assert "cookie" not in event["headers"]
    assert event["cookies"] == ["c=1", "d=2"]
    assert event["isBase64Encoded"] is False
    assert "body" not in event
    assert context["accountId"] == account.account_id
    assert context["stage"] == "$default"
    assert context["http"] == {
        "method": "GET",
        "path": "/open/x",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "test",
    }
    assert "authorizer" not in context


@pytest.mark.parametrize(
    ("content_type", "body", "arrives", "is_base64"),
    [
        ("application/json", b'{"a": "\xc3\xa9"}', '{"a": "\u00e9"}', False),
        ("application/problem+json", b"{}", "{}", False),
        ("text/plain; charset=utf-8", b"text", "text", False),
        ("application/pdf", b"%PDF\xff", base64.b64encode(b"%PDF\xff").decode(), True),
        ("application/x-www-form-urlencoded", b"a=1", base64.b64encode(b"a=1").decode(), True),
        ("application/json", b"\xff\xfe", base64.b64encode(b"\xff\xfe").decode(), True),
    ],
)
def test_bodies_arrive_as_text_or_as_base64(
    call: Call, content_type: str, body: bytes, arrives: str, *, is_base64: bool
) -> None:
    event = call("POST", "/open/x", headers={"Content-Type": content_type}, body=body).json()
    assert (event["body"], event["isBase64Encoded"]) == (arrives, is_base64)


def test_a_binary_response_arrives_as_its_bytes(call: Call) -> None:
    answer = call("GET", "/open/binary")
    assert (answer.status, answer.body) == (201, bytes(range(256)))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers.getlist("set-cookie") == ["a=1; Secure", "b=2"]


def test_a_bare_return_value_is_the_body_of_a_200(call: Call) -> None:
    answer = call("GET", "/open/bare")
    assert (answer.status, answer.json()) == (200, {"no": "status"})
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("how", ["raise", "exit", "malformed", "huge"])
def test_a_function_that_fails_is_an_internal_server_error(call: Call, how: str) -> None:
    answer = call("GET", f"/open/{how}")
    assert (answer.status, answer.body) == (500, b'{"message":"Internal Server Error"}')


def test_a_body_beyond_10_mb_is_refused(call: Call) -> None:
    answer = call("POST", "/open/x", body=b"x" * (10 * 1024 * 1024 + 1))
    assert (answer.status, answer.body) == (413, b'{"message":"Request Entity Too Large"}')


def test_headers_and_a_request_line_beyond_10240_bytes_are_refused(call: Call) -> None:
    headers = {"x-long": "x" * 9_000}
    assert call("GET", "/open/x", headers=headers).status == 200
    answer = call("GET", "/open/x?" + "q" * 1_300, headers=headers)
    assert (answer.status, answer.json()) == (431, {"message": "Request Header Fields Too Large"})


def test_an_event_beyond_lambdas_6_mb_is_refused(call: Call) -> None:
    body = b"x" * (5 * 1024 * 1024)  # 6.7 MB in base64
    answer = call("POST", "/open/x", headers={"Content-Type": "application/pdf"}, body=body)
    assert (answer.status, answer.body) == (413, b'{"message":"Request Entity Too Large"}')


def test_a_function_slower_than_the_apis_timeout_is_unavailable(call: Call) -> None:
    answer = call("GET", "/impatient")
    assert (answer.status, answer.body) == (503, b'{"message":"Service Unavailable"}')


def test_the_api_answers_a_preflight_itself(call: Call) -> None:
    headers = {"Origin": "https://pages.example", "Access-Control-Request-Method": "GET"}
    answer = call("OPTIONS", "/items/1", headers=headers)
    assert answer.status == 204
    assert answer.headers["access-control-allow-origin"] == "https://pages.example"
    assert answer.headers["access-control-allow-methods"] == "GET,POST"
    assert answer.headers["access-control-allow-headers"] == "authorization"
    assert answer.headers["access-control-max-age"] == "60"


def test_an_unknown_origin_is_allowed_nothing(call: Call) -> None:
    headers = {"Origin": "https://strange.example", "Access-Control-Request-Method": "GET"}
    answer = call("OPTIONS", "/items/1", headers=headers)
    assert answer.status == 204
    assert "access-control-allow-origin" not in answer.headers


def test_the_apis_cors_headers_replace_the_functions(call: Call) -> None:
    with_origin = call("GET", "/open/binary", headers={"Origin": "https://pages.example"})
    without = call("GET", "/open/binary")
    assert with_origin.headers["access-control-allow-origin"] == "https://pages.example"
    assert "access-control-allow-origin" not in without.headers
    assert with_origin.headers["vary"] == "Accept-Language, Origin"
    assert without.headers["vary"] == "Accept-Language"


def test_the_claims_reach_the_function_as_text(
    call: Call, account: LocalAccount, authorization: dict[str, str]
) -> None:
    answer = call("POST", "/items", headers=authorization, body=json.dumps({}))
    jwt = answer.json()["requestContext"]["authorizer"]["jwt"]
    assert jwt["scopes"] == ["sample/write", "sample/admin"]
    assert jwt["claims"]["client_id"] == account.physical("Machine")
    assert jwt["claims"]["scope"] == "sample/read sample/write"
    assert all(isinstance(value, str) for value in jwt["claims"].values())
