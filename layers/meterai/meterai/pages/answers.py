"""What a view answers: a page, another address, a picture; and what it shows to everybody."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.shared.cookies import Cookie


@dataclass(frozen=True, slots=True)
class Shown:
    """A template with its values. `refresh_s`: the page loads itself again after so many seconds,
    also without script."""

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    status: int = HTTPStatus.OK
    refresh_s: int | None = None


@dataclass(frozen=True, slots=True)
class Redirect:
    """Another page, fetched by GET (303), whatever brought here. `to` is a path of this site, or an
    address that the system made itself: never one that a request brought. `cookies` are for
    signing in and out alone."""

    to: str
    cookies: tuple[Cookie, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG for its owner alone, kept by their browser for `keep_s`."""

    png: bytes
    keep_s: int = 0


@dataclass(frozen=True, slots=True)
class PublicContent:
    """The same for everybody. `headers` besides those of every public answer."""

    body: str
    media_type: str
    headers: Mapping[str, str] = field(default_factory=dict)


PageAnswer = Shown | Redirect | Picture
