"""The route of a function, and its declarations in `responses=`."""

import importlib
from typing import Any

from meterai.problems import CONTENT_TYPE


def route_of(function: str) -> Any:
    """Powertools' own object."""
    app = importlib.import_module(f"functions.{function}.app").app
    routes = list(app._static_routes) + list(app._dynamic_routes)
    assert len(routes) == 1
    return routes[0]


def declared(function: str) -> set[str]:
    """The codes of its declared problems."""
    return {
        code
        for response in route_of(function).responses.values()
        if CONTENT_TYPE in response.get("content", {})
        for code in response["content"][CONTENT_TYPE]["examples"]
    }
