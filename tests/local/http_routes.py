"""Which route a request takes."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote

from tests.local.specs import RouteSpec

_VARIABLE = re.compile(r"\{(\w+)(\+?)\}")


@dataclass(frozen=True)
class MatchedRoute:
    """A route, with the values of its path variables."""

    route: RouteSpec
    path_parameters: dict[str, str]

    @property
    def key(self) -> str:
        """`GET /v1/orders/{id}`, or `$default`."""
        return route_key(self.route)


def route_key(route: RouteSpec) -> str:
    return "$default" if route.path == "$default" else f"{route.method} {route.path}"


class Routes:
    """The API's routes, the most specific first.

    API Gateway's order: a full match, then greedy path variables (`{proxy+}`), then `$default`.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
    """

    def __init__(self, routes: Iterable[RouteSpec]) -> None:
        ordered = sorted(routes, key=_generality)
        self._routes = [(_pattern(route.path), route) for route in ordered]

    def match(self, method: str, path: str) -> MatchedRoute | None:
        """The route for a path as it was sent, still percent-encoded."""
        for pattern, route in self._routes:
            if route.path != "$default" and route.method not in {"ANY", method}:
                continue
            if match := pattern.fullmatch(path):
                values = {name: unquote(value) for name, value in match.groupdict().items()}
                return MatchedRoute(route, values)
        return None


def _pattern(path: str) -> re.Pattern[str]:
    if path == "$default":
        return re.compile(r".*", re.DOTALL)
    pieces, end = [], 0
    for variable in _VARIABLE.finditer(path):
        name, greedy = variable.groups()
        pieces.append(re.escape(path[end : variable.start()]))
        pieces.append(f"(?P<{name}>{'.+' if greedy else '[^/]+'})")
        end = variable.end()
    pieces.append(re.escape(path[end:]))
    return re.compile("".join(pieces))


def _generality(route: RouteSpec) -> tuple[bool, bool, int, bool]:
    return (
        route.path == "$default",
        "+}" in route.path,
        len(_VARIABLE.findall(route.path)),
        route.method == "ANY",
    )
