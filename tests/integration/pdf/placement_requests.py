"""Placement requests and pages for the tests of placement."""

from meterai.domain.stamping.placement import Placement, Rectangle
from meterai.domain.stamping.placement_requests import (
    AutoPlacement,
    Beside,
    Corner,
    PlacementRequest,
    TextAnchor,
)
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.pdf.preflight.inspect import inspect
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.remake import LETTER

CLOSING: Rectangle = (340.6, 302.4, 400.8, 312.4)  # “Hormat saya,” on the letter
NAME: Rectangle = (340.4, 201.5, 488.8, 211.3)  # the applicant's, below
FONT = {100: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
LETTERS = LETTER.read_bytes()


def inspected(
    content: bytes, *requests: PlacementRequest, allow_overlap: bool = False
) -> DocumentFacts:
    return inspect(content, requests, allow_overlap=allow_overlap, portal_limit_bytes=800_000).facts


def placed(content: bytes, *requests: PlacementRequest) -> tuple[Placement, ...]:
    return inspected(content, *requests).placements


def beside(
    text: str,
    where: Beside = Beside.RIGHT,
    *,
    page: int | None = None,
    occurrence: int = 1,
    dx_pt: float = 0,
    dy_pt: float = 0,
) -> TextAnchor:
    return TextAnchor(page, text, occurrence, where, dx_pt, dy_pt, 72)


def in_free_space(
    page: int = -1, prefer: Corner = Corner.BOTTOM_RIGHT, side_pt: float = 72
) -> AutoPlacement:
    return AutoPlacement(page, prefer, side_pt)


def written(*lines: tuple[str, float, float], shape: Shape | None = None) -> bytes:
    """A page with these words, each at its position in user space."""
    shape = shape or Shape()
    words = "".join(f"1 0 0 1 {x:g} {y:g} Tm ({text}) Tj " for text, x, y in lines)
    return page_with(f"BT /F 12 Tf {words} ET", shape)


def page_with(content: str, shape: Shape, **resources: str) -> bytes:
    more = "".join(f"/{name}{value}" for name, value in resources.items())
    entries = f"{shape.entries}/Resources<</Font<</F 100 0 R>>{more}>>/Contents 101 0 R"
    stream = f"<</Length {len(content)}>>\nstream\n{content}\nendstream"
    made = Shape(
        media_box=shape.media_box,
        crop_box=shape.crop_box,
        rotate=shape.rotate,
        user_unit=shape.user_unit,
        entries=entries,
    )
    return document(made, objects={**FONT, 101: stream})
