"""Which pictures on a page are the paper that a letter is on: a scan, in one piece or many, or a
letterhead. Others, as photographs, are part of the letter and are not covered."""

from collections.abc import Iterable, Sequence

from meterai.domain.stamping.placement import Rectangle

MIN_SCAN_SHARE = 0.55
"""Of the page, that a picture covers which holds all text of the page: a scan with margins."""
MIN_BACKGROUND_SHARE = 0.75
"""Of the page, that a picture covers which is under everything."""
MAX_SEAM_PT = 3.0


def paper_and_pictures(
    images: Sequence[Rectangle], texts: Sequence[Rectangle], page: Rectangle
) -> tuple[Rectangle, list[Rectangle]]:
    """The paper (where the letter is), and the pictures that are part of the letter.

    What text lies on is paper too, as a watermark is; what shows on it decides.
    """
    pictures = [image for image in images if not any(_is_on(text, image) for text in texts)]
    largest = max(_joined(images), key=_area, default=None)
    share = _area(largest) / _area(page) if largest is not None else 0.0
    if largest is None or share < MIN_SCAN_SHARE:
        return page, pictures
    pictures = [image for image in pictures if not _is_on(image, largest)]
    if all(_is_on(text, largest) for text in texts):
        return largest, pictures
    return page, pictures if share >= MIN_BACKGROUND_SHARE else list(images)


def _joined(images: Iterable[Rectangle]) -> list[Rectangle]:
    """Strips, tiles and halves as one: rows of equal height first, then columns of equal width."""
    boxes = list(images)
    for side in (0, 1, 0, 1):
        boxes = _joined_along(boxes, side)
    return boxes


def _joined_along(boxes: Iterable[Rectangle], side: int) -> list[Rectangle]:
    """Neighbours as one that touch along an axis (0: across, 1: up) and are equally wide on the
    other."""
    across = 1 - side

    def place(box: Rectangle) -> tuple[int, int, float]:
        return round(box[across]), round(box[across + 2]), box[side]

    joined: list[Rectangle] = []
    for box in sorted(boxes, key=place):
        last = joined[-1] if joined else None
        if last is None or place(last)[:2] != place(box)[:2]:
            joined.append(box)
        elif box[side] <= last[side + 2] + MAX_SEAM_PT:
            joined[-1] = _around(last, box)
        else:
            joined.append(box)
    return joined


def _around(one: Rectangle, other: Rectangle) -> Rectangle:
    left, bottom = min(one[0], other[0]), min(one[1], other[1])
    return left, bottom, max(one[2], other[2]), max(one[3], other[3])


def _is_on(box: Rectangle, under: Rectangle) -> bool:
    """Whether the middle of the box is on the other."""
    across, up = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return under[0] <= across <= under[2] and under[1] <= up <= under[3]


def _area(box: Rectangle) -> float:
    left, bottom, right, top = box
    return max(0.0, right - left) * max(0.0, top - bottom)
