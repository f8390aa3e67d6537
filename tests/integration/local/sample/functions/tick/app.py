"""Writes down that it was fired, and by what."""

import json
from typing import Any

from shared import write_down


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    write_down(event.get("source", "input"), json.dumps(event))
    return event
