"""What S3 checks of a form that uploads a file, and moto does not: the policy that was signed.

The signature itself is not checked: no key here is secret. A condition that is not handled here is
refused.

https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
"""

import base64
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from werkzeug.formparser import parse_form_data

# A form may have these without a condition, and any whose name begins with `x-ignore-`.
_FREE = frozenset({"awsaccesskeyid", "file", "policy", "signature", "x-amz-signature"})
_IGNORED = "x-ignore-"


@dataclass(frozen=True)
class RefusedForm:
    """The code and the message of S3's answer."""

    status: str
    code: str
    message: str

    @property
    def body(self) -> bytes:
        return f"<Error><Code>{self.code}</Code><Message>{self.message}</Message></Error>".encode()


def refused_form(environ: Mapping[str, Any], body: bytes, now: datetime) -> RefusedForm | None:
    """Why S3 refuses this upload; None where it does not, or it is no upload by form."""
    content_type = str(environ.get("CONTENT_TYPE", ""))
    if environ["REQUEST_METHOD"] != "POST" or not content_type.startswith("multipart/form-data"):
        return None
    own = {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    _, form, files = parse_form_data({**environ, **own}, stream_factory=_in_memory)
    fields = {name.lower(): value for name, value in form.items()}
    content = files["file"].read() if "file" in files else fields.get("file", "").encode()
    if "policy" not in fields:
        return _denied("Bucket POST must contain a field named 'policy'.")
    policy = json.loads(base64.b64decode(fields["policy"]))
    fields["bucket"] = str(environ["PATH_INFO"]).strip("/")
    return (
        _expired(policy, now)
        or _unmet(policy["conditions"], fields, len(content))
        or _unnamed(policy["conditions"], fields)
        or _wrong_hash(fields, content)
    )


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
