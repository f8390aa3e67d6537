"""The drawing of an e-meterai: a specimen, unlike any official artwork.

A square of 100 units: a head with the words, the QR code on white, a strip with our emblem (a
kawung, the four petals of Javanese cloth, in a ring of guilloche), and a foot with tariff and
serial.
"""

from math import cos, pi, sin

from layers.artwork.font_objects import FontSubset
from layers.artwork.pen import Pen, Point

SIDE = 100
FRAME = 1.0
HEAD_BOTTOM = 86.9
FOOT_TOP = 15.7
QR_SIDE = 71.2  # of which the code itself, without its quiet zone, is 55.8
QR_LEFT = round(SIDE - FRAME - QR_SIDE, 2)
QR_BOTTOM = FOOT_TOP
BAND_RIGHT = 9.2  # the red band
WAVE = 22.0  # length of the guilloche's waves
STRIP_MIDDLE = (BAND_RIGHT + QR_LEFT) / 2

SERIAL_SIZE = 7.3
SERIAL_LEFT, SERIAL_RIGHT = 13.0, 95.6
SERIAL_BASELINES = (9.0, 2.6)

NAVY = (0.075, 0.13, 0.31)
WHITE = (1.0, 1.0, 1.0)
IVORY = (0.985, 0.972, 0.935)
MIST = (0.73, 0.83, 0.83)
SEA = (0.09, 0.42, 0.46)
RED = (0.76, 0.17, 0.11)


def picture(font: FontSubset) -> bytes:
    """The constant part of the stamp, as content operators; colour space /C, font /W."""
    pen = Pen()
    pen.write("/C cs /C CS 1 J 1 j")
    _ground(pen)
    _waves(pen)
    _paper_for_code(pen)
    _emblem(pen, STRIP_MIDDLE, 76.4, 0.71)
    _value(pen, font)
    _head(pen, font)
    _specimen(pen, font)
    _frame(pen)
    return pen.content


def _ground(pen: Pen) -> None:
    pen.fill_with(IVORY)
    pen.rectangle(0, 0, SIDE, SIDE)
    pen.write("f")


def _waves(pen: Pen) -> None:
    """Guilloche under strip and foot: strands of one wave, each shifted by a sixth."""
    pen.stroke_with(MIST, 0.18)
    pen.write("q")
    pen.rectangle(BAND_RIGHT, FOOT_TOP, QR_LEFT - BAND_RIGHT, SIDE)
    pen.write("W n")
    for strand in range(20):
        shift = strand % 6 if strand % 2 else -strand % 6
        pen.shifted(BAND_RIGHT - 0.4 + strand, FOOT_TOP - WAVE / 6 * shift)
        pen.curve(lambda y: (1.9 * cos(y * 2 * pi / WAVE), y), 0, 5 * WAVE, 10)
        pen.write("S Q")
    pen.write("Q q")
    pen.rectangle(BAND_RIGHT, 0, SIDE, FOOT_TOP)
    pen.write("W n")
    for strand in range(16):
        shift = strand % 6 if strand % 2 else -strand % 6
        pen.shifted(BAND_RIGHT - WAVE / 6 * shift, 0.8 + strand)
        pen.curve(lambda x: (x, 1.9 * cos(x * 2 * pi / WAVE)), 0, 6 * WAVE, 12)
        pen.write("S Q")
    pen.write("Q")


def _paper_for_code(pen: Pen) -> None:
    pen.fill_with(WHITE)
    pen.rectangle(QR_LEFT, QR_BOTTOM, QR_SIDE, QR_SIDE)
    pen.write("f")


def _emblem(pen: Pen, x: float, y: float, scale: float) -> None:
    """Twelve-fold guilloche about a disc with a kawung, of radius 11.7 before scaling."""
    pen.write(f"q {scale} 0 0 {scale} {x:g} {y:g} cm")
    pen.fill_with(IVORY)
    pen.circle(0, 0, 11.9)
    pen.write("f")
    pen.stroke_with(SEA, 0.28)
    for turn in range(3):
        pen.turned(turn * 10)

        def ring(angle: float) -> Point:
            radius = 9.9 + 1.75 * cos(12 * angle)
            return radius * cos(angle), radius * sin(angle)

        pen.curve(ring, 0, 2 * pi, 24)
        pen.write("h S Q")
    pen.fill_with(NAVY)
    pen.circle(0, 0, 7.6)
    pen.write("f")
    pen.stroke_with(IVORY, 0.35)
    pen.circle(0, 0, 6.8)
    pen.write("S")
    for colour, petal in (
        (IVORY, "0.8 0 m 2.2 2.6 4.6 2.6 6.1 0 c 4.6 -2.6 2.2 -2.6 0.8 0 c"),
        (NAVY, "2.3 0 m 2.9 0.8 4 0.8 4.6 0 c 4 -0.8 2.9 -0.8 2.3 0 c"),
    ):
        pen.fill_with(colour)
        for quarter in range(4):
            pen.turned(45 + 90 * quarter)
            pen.write(f"{petal} h f Q")
    pen.fill_with(RED)
    pen.circle(0, 0, 0.85)
    pen.write("f Q")


def _value(pen: Pen, font: FontSubset) -> None:
    """The tariff, upwards in the strip."""
    pen.fill_with(NAVY)
    pen.turned(90, STRIP_MIDDLE + 5, 18.6)
    _spread(pen, font, "10000", 13.8, 0, 46.6, 0)
    pen.write("Q")


def _head(pen: Pen, font: FontSubset) -> None:
    pen.fill_with(NAVY)
    pen.rectangle(0, HEAD_BOTTOM, SIDE, SIDE - HEAD_BOTTOM)
    pen.write("f")
    pen.fill_with(WHITE)
    _spread(pen, font, "METERAI ELEKTRONIK", 6.9, 4.4, SIDE - 4.4, 93.0)
    _spread(pen, font, "SEPULUH RIBU RUPIAH", 4.5, 4.4, SIDE - 4.4, 88.4)


def _specimen(pen: Pen, font: FontSubset) -> None:
    """The word SPESIMEN, upwards in a red band: this is not official artwork."""
    pen.fill_with(RED)
    pen.rectangle(0, 0, BAND_RIGHT, HEAD_BOTTOM)
    pen.write("f")
    pen.fill_with(WHITE)
    pen.turned(90, BAND_RIGHT - 1.4, 0)
    _spread(pen, font, "SPESIMEN", 7.6, 9.6, HEAD_BOTTOM - 8.6, 0)
    pen.write("Q")


def _frame(pen: Pen) -> None:
    pen.stroke_with(NAVY, FRAME)
    pen.write("0 j")
    pen.rectangle(FRAME / 2, FRAME / 2, SIDE - FRAME, SIDE - FRAME)
    pen.write("S")


def _spread(
    pen: Pen, font: FontSubset, words: str, size: float, left: float, right: float, y: float
) -> None:
    """Words, letter-spaced to reach exactly from `left` to `right`."""
    spacing = (right - left - font.length(words, size)) / (len(words) - 1)
    pen.text(words, "/W", size, left, y, spacing)
