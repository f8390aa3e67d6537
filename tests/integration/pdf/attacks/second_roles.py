"""An object that a signature may change has a second role, in which a page shows it."""

from collections.abc import Iterator

from tests.integration.pdf.attacks.attack import ALTERED, Attack
from tests.integration.pdf.attacks.letters import AMOUNT, CONTENT, EVIL, letter, text
from tests.integration.pdf.attacks.updates import revision, stream
from tests.integration.pdf.stamping import stamped

SHAPE = b"/Type/XObject/Subtype/Form/BBox [0 0 595 842]/Resources <</Font <</F1 5 0 R>>>>"
SHOWN = stream(text(AMOUNT, 570), SHAPE)
OTHER = stream(b"0 0 1 rg 72 400 200 100 re f", SHAPE)


def attacks() -> Iterator[Attack]:
    yield from _validation_data()
    yield from _strings()


def _validation_data() -> Iterator[Attack]:
    issued = stamped(letter(catalog=b"/DSS <</VRI <</A 3 0 R>>>>"))
    document = revision(issued, {CONTENT: EVIL})
    yield Attack("a page is called validation data", issued, document, ALTERED)


def _strings() -> Iterator[Attack]:
    """The bytes of a string count where it is no text."""
    shades = bytes([255, 0, 255, 255, 0, 0, 0, 0])
    image = stream(
        bytes([1, 2, 3, 4, 1, 2, 3, 4]),
        b"/Type/XObject/Subtype/Image/Width 8/Height 1/BitsPerComponent 8/ColorSpace 21 0 R",
    )
    palette = b"[/Indexed/DeviceGray 7 <%b>]"
    drawn = {
        CONTENT: stream(text(AMOUNT) + b" q 180 0 0 180 72 300 cm /X Do Q"),
        20: image,
        21: palette % shades.hex().encode(),
    }
    issued = stamped(letter(drawn, resources=b"/XObject <</X 20 0 R>>"))
    as_text = b"\xfe\xff" + b"".join(bytes((0, shade)) for shade in shades)
    document = revision(issued, {21: palette % as_text.hex().encode()})
    yield Attack("a palette written as UTF-16", issued, document, ALTERED)
