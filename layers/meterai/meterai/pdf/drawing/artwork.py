"""The artwork of an e-meterai, loaded from the artwork layer: constant PDF objects and a layout.

The package `meterai_artwork` is data that another layer may replace (the operator's licensed art).
`layers/artwork/draw.py`, which builds ours, describes its format.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

_REFERENCE = re.compile(rb"@(\w+)")


class SerialLayout(NamedTuple):
    """Two lines of eleven characters from `left` to `right`; `widths` in thousandths of `size`."""

    font: str
    size: float
    left: float
    right: float
    baselines: tuple[float, float]
    widths: Mapping[str, int]


class ConstantObject(NamedTuple):
    """One PDF object in PDF syntax; `@name` stands for a reference to another."""

    name: str
    dictionary: str
    stream: bytes | None


@dataclass(frozen=True, eq=False)
class Artwork:
    """Lengths are in units of the square's `side`; `qr` is (left, bottom, side) with its margin."""

    side: float
    qr: tuple[float, float, float]
    serial: SerialLayout
    colour: str
    resources: str
    before: str
    objects: tuple[ConstantObject, ...]

    def bodies(self, first_number: int) -> list[bytes]:
        """The constant objects, as written between `obj` and `endobj`, numbered in order."""
        return [body.numbered(first_number) for body in self._bodies]

    def written(self, first_number: int) -> tuple[bytes, list[int]]:
        """The same objects as one piece of a file, and the offset of each in it."""
        numbers = range(first_number, first_number + len(self.objects))
        digits = tuple(map(len, map(str, numbers)))
        whole = self._written.get(digits)
        if whole is None:
            whole = self._written[digits] = self._whole(first_number)
        return whole.template.numbered(first_number), whole.starts

    @cached_property
    def _written(self) -> "dict[tuple[int, ...], _Whole]":
        """Keyed by the digit counts of the object numbers: nothing else changes the offsets."""
        return {}

    def _whole(self, first_number: int) -> "_Whole":
        heads, places, lengths = [], [], []
        for at, (head, others, stream) in enumerate(self._bodies):
            syntax = b"%%d 0 obj\n%b%b\nendobj\n" % (head, stream.replace(b"%", b"%%"))
            heads.append(syntax)
            places += [at, *others]
            lengths.append(len(syntax % tuple([first_number + one for one in (at, *others)])))
        starts = [0, *accumulate(lengths[:-1])]
        return _Whole(Template(b"".join(heads), places, b""), starts)

    @cached_property
    def _bodies(self) -> list["Template"]:
        return [
            self.template(
                made.dictionary.encode("ascii")
                if made.stream is None
                else stream_body(made.dictionary.encode("ascii"), made.stream)
            )
            for made in self.objects
        ]

    def template(self, syntax: bytes) -> "Template":
        """From PDF syntax with `@name` references. A stream's bytes contain none."""
        places = {made.name.encode("ascii"): at for at, made in enumerate(self.objects)}
        head, keyword, stream = syntax.partition(b"\nstream\n")
        named = _REFERENCE.findall(head)
        head = _REFERENCE.sub(b" %d 0 R", head.replace(b"%", b"%%"))
        return Template(head, [places[name] for name in named], keyword + stream)


class Template(NamedTuple):
    """An object's syntax with %d for references; `places` are the indices of their objects."""

    head: bytes
    places: list[int]
    stream: bytes

    def numbered(self, first_number: int) -> bytes:
        return self.head % tuple([first_number + place for place in self.places]) + self.stream


class _Whole(NamedTuple):
    template: Template
    starts: list[int]


def stream_body(dictionary: bytes, stream: bytes) -> bytes:
    """A stream object's body; /Length is added to `dictionary`."""
    with_length = dictionary[:-2] + b"/Length %d>>" % len(stream)
    return with_length + b"\nstream\n" + stream + b"\nendstream"


@cache
def artwork() -> Artwork:
    """The layer's artwork, read once. Raises ModuleNotFoundError where the layer is missing."""
    import meterai_artwork

    package = Path(next(iter(meterai_artwork.__path__)))  # importlib.resources takes 10 ms more
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
        colour=layout["colour"],
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
