"""Draws the e-meterai and writes the package that the stamping functions load.

`python -m layers.artwork.draw` rewrites `python/meterai_artwork/`. The same source gives the same
bytes, and a test fails when they differ. A package with an operator's licensed art has the same
format:

`artwork.json` has `side` (the square's units), `qr` (left, bottom, side: quiet zone included),
`serial` (font resource, size, left, right, the two lines' baselines, and `widths` in thousandths),
`colour` (operators that set the colour of QR code and serial), `resources` of the form XObject of
each stamp and its first operators (`before`), and `objects`: the constant PDF objects. Each has a
`dictionary` in PDF syntax, with `@name` for a reference to another object, and the name of the file
with its `stream`, if any, encoded as the dictionary says (the engines add `/Length`).
"""

import json
import re
import zlib
from pathlib import Path
from typing import NamedTuple

from layers.artwork.font_objects import (
    SERIAL_GLYPHS,
    TO_UNICODE,
    descriptor,
    font,
    font_subset,
)
from layers.artwork.picture import (
    NAVY,
    QR_BOTTOM,
    QR_LEFT,
    QR_SIDE,
    SERIAL_BASELINES,
    SERIAL_LEFT,
    SERIAL_RIGHT,
    SERIAL_SIZE,
    SIDE,
    picture,
)

BUILT = Path(__file__).parent / "python" / "meterai_artwork"

# sRGB as a calibrated space (ISO 32000-1, 8.6.5.3): device-independent, as PDF/A requires, in 150
# bytes; an ICC profile takes 400.
COLOUR = (
    "[/CalRGB<</WhitePoint[.9505 1 1.089]/Gamma[2.2 2.2 2.2]"
    "/Matrix[.4124 .2126 .0193 .3576 .7152 .1192 .1805 .0722 .9505]>>]"
)


class Object(NamedTuple):
    name: str
    dictionary: str
    stream: bytes | None = None


def build() -> dict[str, bytes]:
    """The package's files by name."""
    subset = font_subset()
    objects = [
        Object("colour", COLOUR),
        _deflated("font_program", "/Subtype/Type1C", subset.program),
        Object("font_descriptor", descriptor(subset)),
        _deflated("to_unicode", "", TO_UNICODE),
        Object("words", font(subset.words, {})),
        Object("serial", font(subset.serial, SERIAL_GLYPHS)),
        _deflated(
            "art",
            f"/Type/XObject/Subtype/Form/BBox[0 0 {SIDE} {SIDE}]"
            "/Resources<</ColorSpace<</C @colour>>/Font<</W @words>>>>",
            picture(subset),
        ),
    ]
    files = {f"{made.name}.bin": made.stream for made in objects if made.stream is not None}
    layout = {
        "side": SIDE,
        "qr": {"left": QR_LEFT, "bottom": QR_BOTTOM, "side": QR_SIDE},
        "serial": {
            "font": "/S",
            "size": SERIAL_SIZE,
            "left": SERIAL_LEFT,
            "right": SERIAL_RIGHT,
            "baselines": SERIAL_BASELINES,
            "widths": {key: subset.serial[key] for key in sorted(subset.serial) if key != " "},
        },
        "colour": "/C cs " + " ".join(f"{value:g}" for value in NAVY) + " sc",
        "resources": "<</ColorSpace<</C @colour>>/Font<</S @serial>>/XObject<</A @art>>>>",
        "before": "/A Do",
        "objects": [
            {
                "name": made.name,
                "dictionary": made.dictionary,
                "stream": f"{made.name}.bin" if made.stream is not None else None,
            }
            for made in objects
        ],
    }
    text = json.dumps(layout, indent=1)
    return files | {"artwork.json": _on_one_line(text).encode() + b"\n"}


def _deflated(name: str, entries: str, data: bytes) -> Object:
    stream = zlib.compress(data, 9)
    return Object(name, f"<<{entries}/Filter/FlateDecode>>", stream)


def _on_one_line(text: str) -> str:
    """Puts each table of numbers on one line, so that the file is readable."""
    return re.sub(r"([{\[])\s+([^{}\[\]]{0,800}?)\s+([}\]])", _joined, text)


def _joined(match: "re.Match[str]") -> str:
    if '"dictionary"' in match[2]:
        return match[0]
    return match[1] + re.sub(r"\s*\n\s*", " ", match[2]) + match[3]


def main() -> None:
    BUILT.mkdir(parents=True, exist_ok=True)
    for old in BUILT.glob("*.bin"):
        old.unlink()
    for name, content in build().items():
        (BUILT / name).write_bytes(content)


if __name__ == "__main__":
    main()
