"""How an HTTP API with CORS answers browsers by itself."""

from werkzeug.wrappers import Request, Response

from tests.local.specs import CorsSpec


def preflight(cors: CorsSpec, request: Request) -> Response:
    """204 for any request; its headers tell the browser what is allowed."""
    response = Response(status=204)
    origin = _allowed_origin(cors, request)
    if origin is None:
        return response
    _allow(cors, origin, response)
    if cors.allow_methods:
        response.headers["Access-Control-Allow-Methods"] = ",".join(cors.allow_methods)
    if cors.allow_headers:
        response.headers["Access-Control-Allow-Headers"] = ",".join(cors.allow_headers)
    if cors.max_age_s is not None:
        response.headers["Access-Control-Max-Age"] = str(cors.max_age_s)
    return response


def is_preflight(request: Request) -> bool:
    return request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers


def add_cors(cors: CorsSpec, request: Request, response: Response) -> None:
    """The API's CORS headers replace those of the function."""
    for name in [name for name, _ in response.headers if name.lower().startswith(_PREFIX)]:
        response.headers.remove(name)
    origin = _allowed_origin(cors, request)
    if origin is not None:
        _allow(cors, origin, response)


_PREFIX = "access-control-"


def _allowed_origin(cors: CorsSpec, request: Request) -> str | None:
    origin = request.headers.get("Origin")
    if origin is None:
        return None
    if "*" in cors.allow_origins:
        return "*"
    for allowed in cors.allow_origins:
        scheme_only = allowed.endswith("://*") and origin.startswith(allowed[:-1])
        if scheme_only or origin == allowed:
            return origin
    return None


def _allow(cors: CorsSpec, origin: str, response: Response) -> None:
    response.headers["Access-Control-Allow-Origin"] = origin
    if origin != "*":
        response.vary.add("Origin")
    if cors.allow_credentials:
        response.headers["Access-Control-Allow-Credentials"] = "true"
    if cors.expose_headers:
        response.headers["Access-Control-Expose-Headers"] = ",".join(cors.expose_headers)
