"""A visitor's check of a file: whose it is, and until when it can be seen.

Nobody signs in to check a file. Each form makes up a visitor, whom the address of the result names:
only this system can have written it, nobody can guess it, and all who have it see the result.
Nothing is stored but the file, for a day.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil, floor

from meterai.domain.id_derivation import DraftId
from meterai.domain.signed_tokens import TokenKind, TokenSigner
from meterai.domain.stamping.placement import Rectangle

CHECK_LASTS = timedelta(days=1)
MAX_MARKS = 8  # of one page, in the address of its picture
UPLOADS = DraftId("check")
"""What storage knows the uploads of an account by; an account that signs in has drafts."""

_CHECK = TokenKind("check of a file", shown=r"([0-9]{10})\.([0-9a-f]{32})")
_MARK = r"_-?[0-9]{1,5}\.-?[0-9]{1,5}\.-?[0-9]{1,5}\.-?[0-9]{1,5}"
_PICTURE = TokenKind(
    "picture of a check", shown=rf"(-?[0-9]{{1,5}})\.((?:{_MARK}){{0,{MAX_MARKS}}})"
)
_NUMBER = re.compile(r"-?[0-9]+")


@dataclass(frozen=True, slots=True)
class Check:
    """`text` is what its address shows."""

    text: str
    visitor: str
    begun_at: datetime

    @property
    def account(self) -> str:
        """For storage. No account that signs in has this name."""
        return f"visitor-{self.visitor}"

    def is_over(self, now: datetime) -> bool:
        return now >= self.begun_at + CHECK_LASTS


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A page of the checked file, from 1 or from the end, and the places on it that are framed."""

    page: int
    marks: tuple[Rectangle, ...] = ()


def new_check(now: datetime, chance: bytes, signer: TokenSigner) -> Check:
    """`chance`: 16 bytes that nobody can guess."""
    begun_s, visitor = int(now.timestamp()), chance.hex()
    text = _CHECK.token(signer, str(begun_s), visitor)
    return Check(text, visitor, datetime.fromtimestamp(begun_s, UTC))


def read_check(text: str, signer: TokenSigner) -> Check | None:
    """None where it was not written here."""
    shown = _CHECK.read(text, signer)
    if shown is None:
        return None
    return Check(text, shown[1], datetime.fromtimestamp(int(shown[0]), UTC))


def picture_token(check: Check, page: MarkedPage, signer: TokenSigner) -> str:
    """Of a picture of the checked file. Only marks of a verdict are ever drawn, so that nobody can
    pass off frames of their own as ours."""
    marks = "".join(
        f"_{floor(left)}.{floor(bottom)}.{ceil(right)}.{ceil(top)}"
        for left, bottom, right, top in map(_bounded, page.marks[:MAX_MARKS])
    )
    return _PICTURE.token(signer, str(page.page), marks, bound_to=(check.visitor,))


def read_picture(check: Check, token: str, signer: TokenSigner) -> MarkedPage | None:
    shown = _PICTURE.read(token, signer, bound_to=(check.visitor,))
    if shown is None:
        return None
    sides = [int(one) for one in _NUMBER.findall(shown[1])]
    marks = tuple(_rectangle(sides[at : at + 4]) for at in range(0, len(sides), 4))
    return MarkedPage(int(shown[0]), marks)


def _bounded(mark: Rectangle) -> Rectangle:
    """A hostile file may say anything; no page that is drawn is larger."""
    left, bottom, right, top = (max(-99_000.0, min(99_000.0, side)) for side in mark)
    return left, bottom, right, top


def _rectangle(sides: Sequence[int]) -> Rectangle:
    left, bottom, right, top = sides
    return float(left), float(bottom), float(right), float(top)
