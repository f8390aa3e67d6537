"""The pictures in the README: three pages on a phone. `python -m tests.pages --pictures` takes
them."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from tests.pages.chromium import PHONE, show_on
from tests.pages.visitor import Visitor

FOLDER = Path(__file__).parent / "pictures"
COLOURS = 48  # flat areas and few hues
SHOWN = {  # by state: the file, and what is in the middle of the screen
    "start, signed in, no queue": ("start.png", "header"),
    "place, where it is suggested": ("place.png", "#meterai"),
    "stamped files, two of them": ("files.png", "header"),
}


def take(state: str, visitor: Visitor) -> None:
    """What a phone shows at once."""
    file, middle = SHOWN[state]
    show_on(visitor.page, PHONE, "light")
    visitor.page.locator(middle).first.evaluate("one => one.scrollIntoView({block: 'center'})")
    FOLDER.mkdir(exist_ok=True)
    with Image.open(BytesIO(visitor.page.screenshot())) as picture:
        picture.convert("RGB").quantize(COLOURS).save(FOLDER / file, optimize=True)
