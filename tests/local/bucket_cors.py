"""How S3 answers scripts of pages elsewhere: by the first rule of the bucket that matches.

moto's server allows every page everything, and refuses a preflight unless every rule matches.

https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import CorsRule, s3_backends

_PARTITION = "aws"
Headers = list[tuple[str, str]]


def rules_of(environ: Mapping[str, Any]) -> Sequence[CorsRule] | None:
    """Of the bucket that a page's request names; None: it comes from no page, or names none."""
    if "HTTP_ORIGIN" not in environ or "HTTP_X_AMZ_TARGET" in environ:
        return None
    name = str(environ["PATH_INFO"]).lstrip("/").partition("/")[0]
    bucket = s3_backends[DEFAULT_ACCOUNT_ID][_PARTITION].buckets.get(name)
    return None if bucket is None else bucket.cors


def is_preflight(environ: Mapping[str, Any]) -> bool:
    return str(environ["REQUEST_METHOD"]) == "OPTIONS"


def allowed(rules: Sequence[CorsRule], environ: Mapping[str, Any]) -> Headers:
    """The headers that tell the browser so; none where no rule matches, and then a preflight is
    answered with 403."""
    origin = str(environ["HTTP_ORIGIN"])
    method = str(environ["REQUEST_METHOD"])
    asked = ""
    if is_preflight(environ):
        method = str(environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD", ""))
        asked = str(environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""))
    names = [name.strip().lower() for name in asked.split(",") if name.strip()]
    for rule in rules:
        if (
            method in rule.allowed_methods
            and _matches(origin, rule.allowed_origins)
            and all(_matches(name, rule.allowed_headers or ()) for name in names)
        ):
            return _headers(rule, origin, names)
    return []


def without_cors(headers: Headers) -> Headers:
    return [
        (name, value) for name, value in headers if not name.lower().startswith("access-control-")
    ]


def _headers(rule: CorsRule, origin: str, names: Sequence[str]) -> Headers:
    answer = {
        "Access-Control-Allow-Origin": "*" if "*" in rule.allowed_origins else origin,
        "Access-Control-Allow-Methods": ", ".join(rule.allowed_methods),
        "Access-Control-Allow-Headers": ", ".join(names),
        "Access-Control-Expose-Headers": ", ".join(rule.exposed_headers or ()),
        "Access-Control-Max-Age": rule.max_age_seconds or "",
        "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    }
    return [(name, value) for name, value in answer.items() if value]


def _matches(text: str, patterns: Sequence[str]) -> bool:
    """A pattern may have one `*`."""
    return any(
        re.fullmatch(".*".join(map(re.escape, one.lower().split("*"))), text.lower())
        for one in patterns
    )
