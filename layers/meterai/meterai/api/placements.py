"""Where on a document an e-meterai is placed: the ways to request it, and the resulting place.

`at` names the way; without it a placement is a point.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag

from meterai.api.models import Answer, Points, Request, Whole
from meterai.domain.stamping import placement_requests
from meterai.domain.stamping.placement import MAX_SIDE_PT, MIN_SIDE_PT, Placement
from meterai.domain.stamping.placement_requests import LAST_PAGE, Beside, Corner

PageNumber = Annotated[Whole, Field(description="From 1; -1 is the last page")]
Side = Annotated[
    float,
    Field(
        ge=MIN_SIDE_PT,
        le=MAX_SIDE_PT,
        allow_inf_nan=False,
        description="Of the square e-meterai",
    ),
]
Pixels = Annotated[float, Field(ge=0, le=100_000, allow_inf_nan=False)]
CanvasPixels = Annotated[float, Field(ge=1, le=100_000, allow_inf_nan=False)]
USUAL_SIDE_PT = 72.0


class PlacementAtPoint(Request):
    """A square on the page as displayed, in points, from the bottom left."""

    at: Literal["point"] = "point"
    page: PageNumber
    x_pt: Points = Field(description="Of the left edge")
    y_pt: Points = Field(description="Of the lower edge")
    side_pt: Side = USUAL_SIDE_PT

    def wanted(self) -> placement_requests.PointPlacement:
        return placement_requests.PointPlacement(self.page, self.x_pt, self.y_pt, self.side_pt)


class PlacementInBox(Request):
    """A rectangle on the page as displayed, by any two opposite corners. The e-meterai is the
    largest square in its middle."""

    at: Literal["box"]
    page: PageNumber
    x1_pt: Points
    y1_pt: Points
    x2_pt: Points
    y2_pt: Points

    def wanted(self) -> placement_requests.BoxPlacement:
        return placement_requests.BoxPlacement(
            self.page, self.x1_pt, self.y1_pt, self.x2_pt, self.y2_pt
        )


class PlacementOnCanvas(Request):
    """A square in pixels from the top left of a canvas that shows the whole page."""

    at: Literal["canvas"]
    page: PageNumber
    canvas_width_px: CanvasPixels
    canvas_height_px: CanvasPixels
    x_px: Pixels = Field(description="Of the left edge")
    y_px: Pixels = Field(description="Of the upper edge")
    side_px: CanvasPixels

    def wanted(self) -> placement_requests.CanvasPlacement:
        return placement_requests.CanvasPlacement(
            self.page,
            self.canvas_width_px,
            self.canvas_height_px,
            self.x_px,
            self.y_px,
            self.side_px,
        )


class PlacementInCorner(Request):
    """A corner of the page as displayed."""

    at: Literal["corner"]
    page: PageNumber = LAST_PAGE
    corner: Annotated[Corner, Field(strict=False)]
    margin_pt: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)] = 36.0
    side_pt: Side = USUAL_SIDE_PT

    def wanted(self) -> placement_requests.CornerPlacement:
        return placement_requests.CornerPlacement(
            self.page, self.corner, self.margin_pt, self.side_pt
        )


class PlacementBesideText(Request):
    """Beside words of the document; case, accents, line breaks and spaces make no difference."""

    at: Literal["text"]
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="Whole words, such as “Hormat saya”"
    )
    page: Annotated[Whole | None, Field(description="null: on any page")] = None
    occurrence: Whole = Field(
        default=1, description="Which one, in reading order, from 1; -1 is the last"
    )
    beside: Annotated[Beside, Field(strict=False)] = Beside.RIGHT
    dx_pt: Points = Field(default=0.0, description="Moves the e-meterai to the right")
    dy_pt: Points = Field(default=0.0, description="Moves the e-meterai up")
    side_pt: Side = USUAL_SIDE_PT

    def wanted(self) -> placement_requests.TextAnchor:
        return placement_requests.TextAnchor(
            self.page,
            self.text,
            self.occurrence,
            self.beside,
            self.dx_pt,
            self.dy_pt,
            self.side_pt,
        )


class PlacementInField(Request):
    """An empty signature field: the largest square in its middle. The field stays empty."""

    at: Literal["field"]
    field: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        description="Its full name"
    )

    def wanted(self) -> placement_requests.FieldPlacement:
        return placement_requests.FieldPlacement(self.field)


class PlacementAnywhere(Request):
    """Free space without text or pictures: under words such as “Hormat saya”, otherwise where
    letters are usually signed."""

    at: Literal["auto"]
    page: PageNumber = LAST_PAGE
    prefer: Annotated[
        Corner,
        Field(strict=False, description="The part of the page to prefer, without such words"),
    ] = Corner.BOTTOM_RIGHT
    side_pt: Side = USUAL_SIDE_PT

    def wanted(self) -> placement_requests.AutoPlacement:
        return placement_requests.AutoPlacement(self.page, self.prefer, self.side_pt)


def _kind(value: Any) -> str:
    """The tag of an alternative; a point may leave `at` out."""
    at = value.get("at", "point") if isinstance(value, Mapping) else getattr(value, "at", None)
    return f"at={at}"


PlacementRequest = Annotated[
    Annotated[PlacementAtPoint, Tag("at=point")]
    | Annotated[PlacementInBox, Tag("at=box")]
    | Annotated[PlacementOnCanvas, Tag("at=canvas")]
    | Annotated[PlacementInCorner, Tag("at=corner")]
    | Annotated[PlacementBesideText, Tag("at=text")]
    | Annotated[PlacementInField, Tag("at=field")]
    | Annotated[PlacementAnywhere, Tag("at=auto")],
    Discriminator(
        _kind,
        custom_error_type="placement",
        custom_error_message=(
            "Input should be an object, its `at` point, box, canvas, corner, text, field or auto"
        ),
    ),
]


class PlacementAnswer(Answer):
    """A square on the page as displayed, in points, from the bottom left."""

    page: int = Field(description="From 1")
    x_pt: float
    y_pt: float
    side_pt: float

    @classmethod
    def of(cls, placement: Placement) -> "PlacementAnswer":
        return cls(
            page=placement.page,
            x_pt=placement.x_pt,
            y_pt=placement.y_pt,
            side_pt=placement.side_pt,
        )
