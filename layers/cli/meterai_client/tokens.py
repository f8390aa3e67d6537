"""Where access tokens come from. Of a person: `meterai_cli.sign_in`, whose sessions answer them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

from meterai.http_client import HttpClient
from meterai_client.errors import NoAnswer
from meterai_client.sender import Clock, Sender

TokenSource = Callable[[], str]
"""Answers an access token that is valid now. It is asked again when the API no longer takes the
last one, and may raise what it likes."""

PARTY = "the token endpoint"
CONNECT_S, TIMEOUT_S, MAX_ANSWER_BYTES = 5.0, 30.0, 100_000
FORM = {"content-type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class ClientSecret:
    """A portal's tokens. `sign_in_url` is the output `SignInUrl` of the stack."""

    sign_in_url: str
    client_id: str
    client_secret: str = field(repr=False)

    def __call__(self) -> str:
        """Raises Problem (`invalid_client`) and NoAnswer."""
        sender = Sender(
            HttpClient(CONNECT_S, TIMEOUT_S, MAX_ANSWER_BYTES), Clock(), PARTY, TIMEOUT_S
        )
        grant = {
            "grant_type": "client_credentials",
            "client_id": self.client_id,
            "client_secret": self.client_secret,
        }
        url = f"{self.sign_in_url}/oauth2/token"
        reply = sender.send("POST", url, body=urlencode(grant).encode(), headers=FORM)
        try:
            return str(json.loads(reply.data)["access_token"])
        except (ValueError, KeyError, TypeError):
            raise NoAnswer(PARTY, "unreadable") from None
