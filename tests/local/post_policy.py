"""What S3 checks of a form that uploads a file, and moto does not: the policy that was signed.

The signature itself is not checked: no key here is secret. A condition that is not handled here is
refused.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import hashlib
import io
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from typing import Any
from urllib.parse import urlencode

from urllib3.filepost import encode_multipart_formdata
from werkzeug.formparser import parse_form_data

# A form may have these without a condition, and any whose name begins with `x-ignore-`.
_FREE = frozenset({"awsaccesskeyid", "file", "policy", "signature", "x-amz-signature"})
_IGNORED = "x-ignore-"
_SIGNED = frozenset({"policy", "x-amz-signature", "signature"})
_FILE_NAME = "${filename}"


@dataclass(frozen=True)
class RefusedForm:
    """The code and the message of S3's answer."""

    status: str
    code: str
    message: str

    @property
    def body(self) -> bytes:
        return f"<Error><Code>{self.code}</Code><Message>{self.message}</Message></Error>".encode()


@dataclass(frozen=True)
class PostedForm:
    """An upload by form. `fields` as S3 takes them: names in lower case, and the file's own name in
    the place of `${filename}`, before the policy is checked.

    https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html
    """

    bucket: str
    fields: Mapping[str, str]
    file_name: str
    content: bytes

    def refused(self, now: datetime) -> RefusedForm | None:
        """Why S3 refuses it; None where it does not."""
        if "policy" not in self.fields:
            return _denied("Bucket POST must contain a field named 'policy'.")
        policy = json.loads(base64.b64decode(self.fields["policy"]))
        fields = {**self.fields, "bucket": self.bucket}
        return (
            _expired(policy, now)
            or _unmet(policy["conditions"], fields, len(self.content))
            or _unnamed(policy["conditions"], fields)
            or _wrong_hash(fields, self.content)
        )

    def as_stored(self) -> tuple[bytes, str]:
        """The form for moto, which knows no `${filename}`: its body and its content type. Metadata
        outside ASCII are as S3 returns them: in RFC 2047's form, or, what cannot be printed, not.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
        """
        fields: list[tuple[str, Any]] = [
            (name, _mail_safe(value) if name.startswith("x-amz-meta-") else value)
            for name, value in self.fields.items()
            if not name.startswith("x-amz-meta-") or value.isprintable()
        ]
        fields.append(("file", ("file", self.content, "application/octet-stream")))
        return encode_multipart_formdata(fields)

    @property
    def leads_to(self) -> str | None:
        """Where S3 leads the browser once the file is stored: 303, with three more parameters."""
        redirect = self.fields.get("success_action_redirect")
        if redirect is None:
            return None
        etag = hashlib.md5(self.content, usedforsecurity=False).hexdigest()
        added = {"bucket": self.bucket, "key": self.fields["key"], "etag": f'"{etag}"'}
        return f"{redirect}{'&' if '?' in redirect else '?'}{urlencode(added)}"


def posted_form(environ: Mapping[str, Any], body: bytes) -> PostedForm | None:
    """None where it is no upload by form."""
    content_type = str(environ.get("CONTENT_TYPE", ""))
    if environ["REQUEST_METHOD"] != "POST" or not content_type.startswith("multipart/form-data"):
        return None
    own = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    _, form, files = parse_form_data({**environ, **own}, stream_factory=_in_memory)
    sent = files.get("file")
    content = sent.read() if sent is not None else form.get("file", "").encode()
    # What a browser says before a slash is a folder of its own.
    file_name = re.split(r"[/\\]", sent.filename or "" if sent is not None else "")[-1]
    fields = {
        name.lower(): value if name.lower() in _SIGNED else value.replace(_FILE_NAME, file_name)
        for name, value in form.items()
        if name != "file"
    }
    return PostedForm(str(environ["PATH_INFO"]).strip("/"), fields, file_name, content)


def _mail_safe(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", maxlinelen=10_000).encode()


def _in_memory(*_: object, **__: object) -> io.BytesIO:
    """Werkzeug's own keeps a file on disk until somebody closes it."""
    return io.BytesIO()


def _expired(policy: Mapping[str, Any], now: datetime) -> RefusedForm | None:
    until = datetime.fromisoformat(policy["expiration"]).astimezone(UTC)
    return None if now < until else _denied("Invalid according to Policy: Policy expired.")


def _unmet(conditions: list[Any], fields: Mapping[str, str], size: int) -> RefusedForm | None:
    for condition in conditions:
        match condition:
            case dict():
                holds = all(fields.get(name.lower()) == value for name, value in condition.items())
            case ["eq", str(name), value]:
                holds = fields.get(name.lower().lstrip("$")) == value
            case ["starts-with", str(name), str(value)]:
                holds = fields.get(name.lower().lstrip("$"), "").startswith(value)
            case ["content-length-range", low, high] if size > int(high):
                return RefusedForm(
                    "400 Bad Request",
                    "EntityTooLarge",
                    "Your proposed upload exceeds the maximum allowed size",
                )
            case ["content-length-range", low, high]:
                if size < int(low):
                    return RefusedForm(
                        "400 Bad Request",
                        "EntityTooSmall",
                        "Your proposed upload is smaller than the minimum allowed size",
                    )
                holds = True
            case _:
                holds = False
        if not holds:
            said = json.dumps(condition).replace("<", "&lt;")
            return _denied(f"Invalid according to Policy: Policy Condition failed: {said}")
    return None


def _unnamed(conditions: list[Any], fields: Mapping[str, str]) -> RefusedForm | None:
    """Every other field must be in a condition."""
    named = {name.lower() for one in conditions if isinstance(one, dict) for name in one}
    named |= {str(one[1]).lower().lstrip("$") for one in conditions if isinstance(one, list)}
    extra = [name for name in fields if name not in named | _FREE and not name.startswith(_IGNORED)]
    if "bucket" in extra:
        extra.remove("bucket")  # of the address, not of the form
    if not extra:
        return None
    return _denied(f"Invalid according to Policy: Extra input fields: {extra[0]}")


def _wrong_hash(fields: Mapping[str, str], content: bytes) -> RefusedForm | None:
    """https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html"""
    declared = fields.get("x-amz-checksum-sha256")
    if declared is None or declared == base64.b64encode(hashlib.sha256(content).digest()).decode():
        return None
    return RefusedForm(
        "400 Bad Request",
        "BadDigest",
        "The SHA256 you specified did not match the calculated checksum.",
    )


def _denied(message: str) -> RefusedForm:
    return RefusedForm("403 Forbidden", "AccessDenied", message)
