"""The body of a request: bytes become text, text becomes one JSON object, or it is refused."""

import base64
import json
from typing import Any, Never

from meterai.domain.errors import Refusal

MAX_BRACKETS = 200  # the largest request has ten
MAX_BODY_BYTES = 16_384  # the largest request names eight placements by text: 8 KB


class BodyTooLarge(Refusal):
    code = "body_too_large"


class BodyMalformed(Refusal):
    code = "malformed_json"


class MediaTypeUnsupported(Refusal):
    code = "unsupported_media_type"


def with_text_body(event: dict[str, Any]) -> dict[str, Any]:
    """The event with its body as text, which JSON always is (RFC 8259, 8.1); every POST has one.

    The media type is checked and removed here, because Powertools would accept forms and uploads
    as a body too, and knows `application/json` in lower case only. Raises MediaTypeUnsupported,
    BodyTooLarge, BodyMalformed.
    """
    if event["requestContext"]["http"]["method"] != "POST":
        return event
    headers = dict(event["headers"])
    media_type = headers.pop("content-type", "application/json").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise MediaTypeUnsupported
    text = _text(event.get("body") or "", is_base64=event.get("isBase64Encoded", False))
    return {**event, "headers": headers, "body": text, "isBase64Encoded": False}


def read_object(text: str) -> dict[str, Any]:
    """The one JSON object that `text` is. Raises BodyMalformed.

    Python reads more than JSON (NaN, Infinity), stops at 4,300 digits with a ValueError, and at a
    depth that depends on its version with a RecursionError: so brackets are counted first. Of a
    name that stands twice it takes the last, where another reader may take the first (RFC 8259, 4).
    """
    if text.count("[") + text.count("{") > MAX_BRACKETS:
        raise BodyMalformed
    try:
        value = json.loads(text, parse_constant=_no_constant, object_pairs_hook=_without_doubles)
    except ValueError:
        raise BodyMalformed from None
    if not isinstance(value, dict):
        raise BodyMalformed
    return value


def _text(body: str, *, is_base64: bool) -> str:
    """API Gateway sends a body whose media type is not text in base64."""
    try:
        content = base64.b64decode(body) if is_base64 else body.encode()
        if len(content) > MAX_BODY_BYTES:
            raise BodyTooLarge(limit_bytes=MAX_BODY_BYTES)
        text = content.decode()
    except ValueError:  # binascii.Error, UnicodeError
        raise BodyMalformed from None
    if not text.strip():
        raise BodyMalformed
    return text


def _no_constant(name: str) -> Never:
    raise ValueError(name)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Raises ValueError."""
    values = dict(pairs)
    if len(values) < len(pairs):
        raise ValueError("a name stands twice")
    return values
