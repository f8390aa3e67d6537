"""The picture of an e-meterai as the artwork layer brings it: constant PDF objects and a layout.

The package `meterai_artwork` is data that another layer may replace (the operator's licensed art);
its form is described where ours is drawn, in `layers/artwork/draw.py`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_REFERENCE = re.compile(r"@(\w+)")


@dataclass(frozen=True, slots=True)
class SerialLayout:
    """Two lines of eleven characters from `left` to `right`; `widths` in thousandths of `size`."""

    font: str
    size: float
    left: float
    right: float
    baselines: tuple[float, float]
    widths: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ConstantObject:
    """One PDF object in PDF syntax; `@name` stands for a reference to another."""

    name: str
    dictionary: str
    stream: bytes | None


@dataclass(frozen=True, slots=True)
class Artwork:
    """Lengths are in units of the square's `side`; `qr` is (left, bottom, side) with its margin."""

    side: float
    qr: tuple[float, float, float]
    serial: SerialLayout
    ink: str
    resources: str
    before: str
    objects: tuple[ConstantObject, ...]

    def bodies(self, first_number: int) -> list[bytes]:
        """The constant objects as they stand between `obj` and `endobj`, numbered in order."""
        return [
            stream_body(self.numbered(made.dictionary, first_number), made.stream)
            if made.stream is not None
            else self.numbered(made.dictionary, first_number)
            for made in self.objects
        ]

    def numbered(self, syntax: str, first_number: int) -> bytes:
        """PDF syntax with its `@name` references resolved."""
        numbers = {made.name: first_number + at for at, made in enumerate(self.objects)}
        return _REFERENCE.sub(lambda match: f" {numbers[match[1]]} 0 R", syntax).encode("ascii")


def stream_body(dictionary: bytes, stream: bytes) -> bytes:
    """A stream object's body; `dictionary` lacks only its /Length."""
    with_length = dictionary[:-2] + b"/Length %d>>" % len(stream)
    return with_length + b"\nstream\n" + stream + b"\nendstream"


@cache
def artwork() -> Artwork:
    """The layer's artwork, read once. Raises ModuleNotFoundError where the layer is missing."""
    package = files("meterai_artwork")
    layout = json.loads((package / "artwork.json").read_bytes())
    serial = layout["serial"]
    return Artwork(
        side=layout["side"],
        qr=(layout["qr"]["left"], layout["qr"]["bottom"], layout["qr"]["side"]),
        serial=SerialLayout(
            font=serial["font"],
            size=serial["size"],
            left=serial["left"],
            right=serial["right"],
            baselines=(serial["baselines"][0], serial["baselines"][1]),
            widths=serial["widths"],
        ),
        ink=layout["ink"],
        resources=layout["resources"],
        before=layout["before"],
        objects=tuple(
            ConstantObject(
                name=made["name"],
                dictionary=made["dictionary"],
                stream=(package / made["stream"]).read_bytes() if made["stream"] else None,
            )
            for made in layout["objects"]
        ),
    )
