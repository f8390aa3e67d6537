"""The text of a QRIS code: EMVCo Merchant-Presented Mode with Bank Indonesia's templates.

Fields are tag, two-digit length, value (EMV QRCPS-MPM 1.1, section 4). Tag 26 is the acquirer's
template, 51 the national one. 63 is a CRC-16 over everything before it, including its own tag and
length.
"""

import binascii

_CURRENCY_IDR = "360"
_CATEGORY = "9399"  # ISO 18245: government services
_PAN = "936009140000000018"  # 9360 is Indonesia's prefix; the rest is no real merchant
_NATIONAL_ID = "ID1020000000018"


def qris_text(merchant_name: str, amount_idr: int, reference: str) -> str:
    """A dynamic code for one payment of `amount_idr`."""
    acquirer = _field("00", "ID.CO.SIMULATOR.WWW") + _field("01", _PAN)
    acquirer += _field("02", "SIMULATOR0001") + _field("03", "UMI")
    national = _field("00", "ID.CO.QRIS.WWW") + _field("02", _NATIONAL_ID) + _field("03", "UMI")
    body = "".join(
        (
            _field("00", "01"),
            _field("01", "12"),  # 12: dynamic, for one payment
            _field("26", acquirer),
            _field("51", national),
            _field("52", _CATEGORY),
            _field("53", _CURRENCY_IDR),
            _field("54", str(amount_idr)),
            _field("58", "ID"),
            _field("59", merchant_name[:25]),
            _field("60", "JAKARTA"),
            _field("61", "10110"),
            _field("62", _field("05", reference[:25]) + _field("07", "A01")),
            "6304",
        )
    )
    return f"{body}{crc(body):04X}"


def crc(text: str) -> int:
    """CRC-16/IBM-3740: polynomial 0x1021, initial value 0xFFFF."""
    return binascii.crc_hqx(text.encode("ascii"), 0xFFFF)


def _field(tag: str, value: str) -> str:
    if not 1 <= len(value) <= 99:
        message = f"a QRIS field holds 1 to 99 characters: {tag} {value!r}"
        raise ValueError(message)
    return f"{tag}{len(value):02d}{value}"
