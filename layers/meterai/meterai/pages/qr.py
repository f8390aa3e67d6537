"""QR codes as pictures, of whatever text a payment gateway wants in them."""

from io import BytesIO

import segno

SCALE = 8  # pixels of a module: a phone shows it large, and a saved picture stays sharp
QUIET_MODULES = 4  # on each side (ISO/IEC 18004, 6.3.8)


def qr_picture(text: str) -> bytes:
    """A PNG of two colours. Level M, as the QRIS standard has it on a screen or a print."""
    picture = BytesIO()
    segno.make(text, error="m", micro=False).save(
        picture, kind="png", scale=SCALE, border=QUIET_MODULES
    )
    return picture.getvalue()
