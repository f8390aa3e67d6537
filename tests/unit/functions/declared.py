"""The routes of a function, and its declarations in `responses=`."""

import importlib
from typing import Any

from meterai.problems import CONTENT_TYPE


def routes_of(function: str) -> list[Any]:
    """Powertools' own objects."""
    app = importlib.import_module(f"functions.{function}.app").app
    return [*app._static_routes, *app._dynamic_routes]


def declared(function: str) -> set[str]:
    """The codes of its declared problems."""
    return {
        code
        for route in routes_of(function)
        for response in route.responses.values()
        if CONTENT_TYPE in response.get("content", {})
        for code in response["content"][CONTENT_TYPE]["examples"]
    }
