"""Scripts of pages elsewhere at a bucket: what its first matching rule allows, and nothing else."""

from collections.abc import Iterator
from typing import Any

import pytest
import urllib3

from tests.local.account import LocalAccount

HTTP = urllib3.PoolManager(retries=False)
OWN, OTHER, STRANGER = "https://own.example", "https://other.example", "https://elsewhere.example"
SAID = "Access-Control-Allow-Origin"


@pytest.fixture
def url(account: LocalAccount) -> Iterator[str]:
    """Of the bucket, with a rule for our own pages and one for those of others."""
    s3, bucket = account.client("s3"), account.physical("Files")
    before = s3.get_bucket_cors(Bucket=bucket)["CORSRules"]
    s3.put_bucket_cors(
        Bucket=bucket,
        CORSConfiguration={
            "CORSRules": [
                {
                    "AllowedOrigins": [OWN],
                    "AllowedMethods": ["GET", "POST"],
                    "AllowedHeaders": ["*"],
                    "MaxAgeSeconds": 60,
                },
                {
                    "AllowedOrigins": [OTHER, "https://*.apps.example"],
                    "AllowedMethods": ["GET"],
                    "AllowedHeaders": ["x-amz-*"],
                    "ExposeHeaders": ["ETag"],
                },
            ]
        },
    )
    yield s3.generate_presigned_post(bucket, "1")["url"]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": before})


def preflight(
    url: str, origin: str, method: str, headers: str | None = None
) -> urllib3.BaseHTTPResponse:
    asked = {"Origin": origin, "Access-Control-Request-Method": method}
    if headers is not None:
        asked["Access-Control-Request-Headers"] = headers
    return HTTP.request("OPTIONS", url, headers=asked)


def test_a_rule_answers_who_it_allows_with_what_was_asked(url: str) -> None:
    answer = preflight(url, OWN, "POST", "content-type, x-any")
    assert answer.status == 200
    assert {name: answer.headers[name] for name in answer.headers if name.startswith("Access")} == {
        SAID: OWN,
        "Access-Control-Allow-Methods": "GET, POST",
        "Access-Control-Allow-Headers": "content-type, x-any",
        "Access-Control-Max-Age": "60",
    }


@pytest.mark.parametrize(
    ("origin", "method", "headers"),
    [
        (STRANGER, "GET", None),
        (OWN, "PUT", None),
        (OWN.replace("https", "http"), "GET", None),
        (OTHER, "POST", None),
        (OTHER, "GET", "x-amz-date, authorization"),
        ("https://apps.example", "GET", None),
    ],
)
def test_what_no_rule_allows_is_forbidden(
    url: str, origin: str, method: str, headers: str | None
) -> None:
    answer = preflight(url, origin, method, headers)
    assert (answer.status, answer.headers.get(SAID)) == (403, None)


@pytest.mark.parametrize("origin", [OTHER, "https://one.apps.example"])
def test_a_later_rule_allows_what_the_first_does_not(url: str, origin: str) -> None:
    answer = preflight(url, origin, "GET", "X-Amz-Date")
    assert (answer.status, answer.headers[SAID]) == (200, origin)


@pytest.mark.parametrize(("origin", "told"), [(OWN, OWN), (STRANGER, None)])
def test_an_upload_is_stored_either_way_and_its_answer_shown_to_allowed_scripts(
    account: LocalAccount, url: str, origin: str, told: str | None
) -> None:
    form: dict[str, Any] = account.client("s3").generate_presigned_post(
        account.physical("Files"), "1"
    )
    fields = {**form["fields"], "file": ("1", b"content", "text/plain")}
    answer = HTTP.request("POST", url, headers={"Origin": origin}, fields=fields)
    assert (answer.status, answer.headers.get(SAID)) == (204, told)
