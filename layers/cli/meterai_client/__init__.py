"""A client of the system in Python, for applicants' apps, portals and operators.

    client = Client(api_url, session.access_token)  # session: of meterai_cli.sign_in

The bodies of requests and answers are the models of `meterai.api`. At level DEBUG urllib3 logs the
addresses that it opens, the presigned ones among them.
"""

from meterai.api import PreflightRequest, PreviewRequest, StampingRequest
from meterai.api.placements import (
    PlacementAnywhere,
    PlacementAtPoint,
    PlacementBesideText,
    PlacementInBox,
    PlacementInCorner,
    PlacementInField,
    PlacementOnCanvas,
)
from meterai.domain.orders.payments import Method
from meterai.languages import Language
from meterai_client.client import Client, new_key
from meterai_client.errors import ClientError, NoAnswer, NotReached, Problem, WrongContent
from meterai_client.tokens import ClientSecret, TokenSource

__all__ = [
    "Client",
    "ClientError",
    "ClientSecret",
    "Language",
    "Method",
    "NoAnswer",
    "NotReached",
    "PlacementAnywhere",
    "PlacementAtPoint",
    "PlacementBesideText",
    "PlacementInBox",
    "PlacementInCorner",
    "PlacementInField",
    "PlacementOnCanvas",
    "PreflightRequest",
    "PreviewRequest",
    "Problem",
    "StampingRequest",
    "TokenSource",
    "WrongContent",
    "new_key",
]
