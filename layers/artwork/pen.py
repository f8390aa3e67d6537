"""A pen that writes PDF content operators: two decimals, colours in one colour space."""

from collections.abc import Callable
from math import cos, radians, sin

Point = tuple[float, float]
Colour = tuple[float, float, float]

BEZIER_CIRCLE = 0.5522847  # control point distance of a quarter circle as one Bézier curve


def number(value: float) -> str:
    """Two decimals are a hundredth of a millimetre on the largest stamp."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text.replace("0.", ".", 1) if abs(value) < 1 else text


def numbers(*values: float) -> str:
    return " ".join(map(number, values))


class Pen:
    """Collects content operators. Angles are in degrees, counterclockwise."""

    def __init__(self) -> None:
        self._operators: list[str] = []

    @property
    def content(self) -> bytes:
        return "\n".join(self._operators).encode("ascii")

    def write(self, *operators: str) -> None:
        self._operators += operators

    def fill_with(self, colour: Colour) -> None:
        self.write(f"{numbers(*colour)} sc")

    def stroke_with(self, colour: Colour, width: float) -> None:
        self.write(f"{numbers(*colour)} SC {number(width)} w")

    def rectangle(self, left: float, bottom: float, width: float, height: float) -> None:
        self.write(f"{numbers(left, bottom, width, height)} re")

    def circle(self, x: float, y: float, radius: float) -> None:
        k = radius * BEZIER_CIRCLE
        self.write(
            f"{numbers(x + radius, y)} m",
            f"{numbers(x + radius, y + k, x + k, y + radius, x, y + radius)} c",
            f"{numbers(x - k, y + radius, x - radius, y + k, x - radius, y)} c",
            f"{numbers(x - radius, y - k, x - k, y - radius, x, y - radius)} c",
            f"{numbers(x + k, y - radius, x + radius, y - k, x + radius, y)} c h",
        )

    def curve(self, place: Callable[[float], Point], start: float, end: float, steps: int) -> None:
        """A smooth curve through `place(t)`: each step is one Bézier curve with matching slopes."""
        length = (end - start) / steps
        small = length / 1000

        def slope(t: float) -> Point:
            (x0, y0), (x1, y1) = place(t - small), place(t + small)
            return (x1 - x0) / (2 * small), (y1 - y0) / (2 * small)

        self.write(f"{numbers(*place(start))} m")
        for step in range(steps):
            t0, t1 = start + step * length, start + (step + 1) * length
            (x0, y0), (x1, y1) = place(t0), place(t1)
            (u0, v0), (u1, v1) = slope(t0), slope(t1)
            third = length / 3
            handles = (x0 + u0 * third, y0 + v0 * third, x1 - u1 * third, y1 - v1 * third)
            self.write(f"{numbers(*handles, x1, y1)} c")

    def turned(self, degrees: float, x: float = 0, y: float = 0) -> None:
        """Rotate coordinates about (x, y), which becomes the origin, up to the next `Q`."""
        c, s = round(cos(radians(degrees)), 5), round(sin(radians(degrees)), 5)
        self.write(
            "q " + " ".join(f"{value:g}" for value in (c, s, -s, c)) + f" {numbers(x, y)} cm"
        )

    def shifted(self, x: float, y: float) -> None:
        """Make (x, y) the origin up to the next `Q`. Repeated paths then deflate well."""
        self.write(f"q 1 0 0 1 {numbers(x, y)} cm")

    def text(self, words: str, font: str, size: float, x: float, y: float, spacing: float) -> None:
        """Words with ActualText, since letter spacing makes text readers see single letters."""
        self.write(
            f"/Span<</ActualText({words})>>BDC BT {font} {number(size)} Tf {number(spacing)} Tc",
            f"{numbers(x, y)} Td ({words}) Tj ET EMC",
        )
