"""An upload by form: S3 takes the file that the policy describes, and no other."""

import base64
import hashlib
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import pytest
import urllib3

from meterai.aws.storage.documents import S3Documents
from meterai.domain.id_derivation import DraftId
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


# Without script: a form whose file has no name and no hash yet.

PAGE = "http://127.0.0.1:8000/saya/pengajuan/drf_1/unggahan"
DRAFT = DraftId("drf_1")


def _documents(account: LocalAccount) -> S3Documents:
    bucket = account.physical("Files")
    return S3Documents(account.client("s3"), bucket, str, lambda: datetime.now(UTC), 1_000)


def _submitted(
    account: LocalAccount, name: str, content: bytes, **changed: str
) -> urllib3.BaseHTTPResponse:
    """A form of this system's own for one draft, as a browser sends it."""
    form = _documents(account).create_browser_upload("sri", DRAFT, PAGE)
    file = (name, content, "application/octet-stream")
    return HTTP.request("POST", form.url, fields={**form.fields, **changed, "file": file})


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("surat lamaran.pdf", "surat lamaran.pdf"),
        ("surat أحمد 😀 é.pdf", "surat أحمد 😀 é.pdf"),
        ("é.pdf", "é.pdf"),
        ("<b>surat</b> & 'it'.pdf", "b> & 'it'.pdf"),  # up to the slash it is a folder
        ("s" * 200 + ".pdf", "s" * 200 + ".pdf"),
        ("surat\u202efdp.exe", ""),  # cannot be printed, so S3 keeps it to itself
        ("", ""),
    ],
)
def test_the_browser_is_led_back_and_the_file_keeps_its_own_name(
    account: LocalAccount, name: str, stored: str
) -> None:
    answer = _submitted(account, name, CONTENT)
    address, _, query = answer.headers["Location"].partition("?")
    brought = dict(parse_qsl(query))
    assert (answer.status, address) == (303, PAGE)
    assert brought["bucket"] == account.physical("Files")
    assert brought["etag"] == f'"{hashlib.md5(CONTENT, usedforsecurity=False).hexdigest()}"'
    assert re.fullmatch("incoming/sri/drf_1/[0-9a-f]{32}", brought["key"])
    assert not stored or stored not in unquote_plus(query), "a name may be personal"
    found = _documents(account).find_upload("sri", DRAFT, brought["key"])
    assert found is not None
    assert (found.name, found.size_bytes, found.etag) == (stored, len(CONTENT), brought["etag"])


def test_a_file_above_the_limit_is_taken_so_that_the_page_can_say_so(account: LocalAccount) -> None:
    assert _submitted(account, "surat.pdf", bytes(1_001)).status == 303
    assert _submitted(account, "surat.pdf", b"").status == 303


@pytest.mark.parametrize(
    "changed",
    [
        {"key": "incoming/ani/drf_1/" + "0" * 32},
        {"key": "documents/sri/" + "0" * 64},
        {"success_action_redirect": "https://elsewhere.example/"},
        {"success_action_status": "201"},
        {"Content-Type": "text/html"},
        {"acl": "public-read"},
    ],
)
def test_a_form_that_was_changed_is_refused(account: LocalAccount, changed: Any) -> None:
    answer = _submitted(account, "surat.pdf", CONTENT, **changed)
    assert (answer.status, b"<Code>AccessDenied</Code>" in answer.data) == (403, True)
