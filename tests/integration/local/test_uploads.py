"""An upload by form: S3 takes the file that the policy describes, and no other."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3

from meterai.aws.storage.documents import S3Documents
from tests.local.account import LocalAccount

CONTENT = b"%PDF-1.7 a letter"
OTHER = b"%PDF-1.7 a ladder"
HTTP = urllib3.PoolManager(retries=False)


def _sha256(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def _sent(account: LocalAccount, content: bytes, changed: dict[str, Any]) -> tuple[int, str]:
    """A form of this system's own for CONTENT, filled in otherwise; the status and S3's code."""
    bucket = account.physical("Files")
    documents = S3Documents(account.client("s3"), bucket, str, lambda: datetime.now(UTC), 1_000)
    offer = documents.create_upload("sri", hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))
    fields = {name: value for name, value in {**offer.fields, **changed}.items() if value}
    file = ("letter.pdf", content, "application/pdf")
    answer = HTTP.request("POST", offer.url, fields={**fields, "file": file})
    code = re.search(rb"<Code>(\w+)</Code>", answer.data)
    return answer.status, code[1].decode() if code else ""


@pytest.mark.parametrize("changed", [{}, {"x-ignore-what": "a page's own field"}])
def test_the_file_that_was_announced_is_taken(account: LocalAccount, changed: Any) -> None:
    assert _sent(account, CONTENT, changed) == (204, "")


@pytest.mark.parametrize(
    ("content", "changed", "refused"),
    [
        (CONTENT + b"s", {}, (400, "EntityTooLarge")),
        (CONTENT[1:], {}, (400, "EntityTooSmall")),
        (OTHER, {}, (400, "BadDigest")),
        (OTHER, {"x-amz-checksum-sha256": _sha256(OTHER)}, (403, "AccessDenied")),
        (OTHER, {"x-amz-checksum-sha256": None}, (403, "AccessDenied")),
        (CONTENT, {"key": "documents/ani/1"}, (403, "AccessDenied")),
        (CONTENT, {"Content-Type": "text/html"}, (403, "AccessDenied")),
        (CONTENT, {"success_action_status": "201"}, (403, "AccessDenied")),
        (CONTENT, {"policy": None}, (403, "AccessDenied")),
    ],
)
def test_any_other_is_refused(
    account: LocalAccount, content: bytes, changed: Any, refused: tuple[int, str]
) -> None:
    assert _sent(account, content, changed) == refused


def test_a_form_that_has_expired_is_refused(account: LocalAccount) -> None:
    offer = account.client("s3").generate_presigned_post(
        account.physical("Files"), "1", ExpiresIn=0
    )
    answer = HTTP.request("POST", offer["url"], fields={**offer["fields"], "file": CONTENT})
    assert answer.status == 403
    assert b"Policy expired" in answer.data
