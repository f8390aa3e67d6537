"""Answers with its own event, or does what the path says."""

import base64
import json
import os
import sys
import time
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import packaged

VERSION = "one"


def handle(event: dict[str, Any], _context: object) -> Any:
    match event["rawPath"]:
        case "/open/raise":
            raise ValueError("as requested")
        case "/open/exit":
            os._exit(7)
        case "/open/slow":
            time.sleep(20)
        case "/impatient":
            time.sleep(0.5)
        case "/open/bare":
            return {"no": "status"}
        case "/open/malformed":
            return {"statusCode": 200, "body": {"not": "a string"}}
        case "/open/binary":
            body = base64.b64encode(bytes(range(256))).decode()
            return {
                "statusCode": 201,
                "headers": {
                    "content-type": "application/pdf",
                    "access-control-allow-origin": "x",
                    "vary": "Accept-Language",
                },
                "cookies": ["a=1; Secure", "b=2"],
                "body": body,
                "isBase64Encoded": True,
            }
        case "/open/huge":
            return {"statusCode": 200, "body": "x" * (6 * 1024 * 1024 + 200)}
        case "/open/write":
            kept = {folder: _can_write_in(folder) for folder in ("/tmp", sys.prefix)}
            return {"statusCode": 200, "body": json.dumps(list(kept.values()))}
        case "/open/about":
            about = {
                "environment": dict(os.environ),
                "folder": str(Path.cwd()),
                "layer": packaged.NAME,
                "picture": Path(os.environ["PICTURE"]).read_text(encoding="utf-8"),
                "process": os.getpid(),
                "version": VERSION,
            }
            return {"statusCode": 200, "body": json.dumps(about)}
    return {"statusCode": 200, "body": json.dumps(event)}


def _can_write_in(folder: str) -> bool:
    try:
        with NamedTemporaryFile(dir=folder):
            return True
    except OSError:
        return False
