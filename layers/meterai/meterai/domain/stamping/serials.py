"""The serial of an e-meterai: its form, its check character and how it is derived.

22 characters of `[0-9A-Z]` as PMK 78/2024 asks: 21 derived ones and one ISO 7064 MOD 37,36
check character, so that a slip in typing is noticed before anybody looks it up.
"""

import re
from typing import NewType

Serial = NewType("Serial", str)

SERIAL_FORM = re.compile(r"[0-9A-Z]{22}")
_ADDRESS = re.compile(r"https?://[^/\s]{1,253}/s/([0-9a-z]{22})/?", re.IGNORECASE)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def serial_from_digest(digest: bytes) -> Serial:
    """The serial that a 32-byte digest stands for; the same digest gives the same serial."""
    from stdnum.iso7064 import mod_37_36  # 20 ms that a stamping does not need

    number = int.from_bytes(digest, "big")  # pragma: no mutate: same as Python's default
    characters = []
    for _ in range(21):
        number, index = divmod(number, 36)
        characters.append(_ALPHABET[index])
    body = "".join(characters)
    return Serial(body + mod_37_36.calc_check_digit(body))


def parse_serial(text: str) -> Serial | None:
    """The serial in `text`, or None where its form or its check character is wrong."""
    from stdnum.iso7064 import mod_37_36

    if SERIAL_FORM.fullmatch(text) is None or not mod_37_36.is_valid(text):
        return None
    return Serial(text)


def typed_serial(text: str) -> Serial | None:
    """The serial that somebody typed, in lower case or upper."""
    return parse_serial(text.upper()) if text.isascii() else None


def public_address(host: str, serial: Serial) -> str:
    """The permanent address in the QR, upper case so that it fits the alphanumeric mode."""
    return f"HTTPS://{host.upper()}/S/{serial}"


def serial_at_address(text: str) -> Serial | None:
    """The serial of which `text`, read off a page, is the public address. The host may be any: an
    e-meterai keeps its address when the operator's host changes."""
    address = _ADDRESS.fullmatch(text.strip())
    return parse_serial(address[1].upper()) if address is not None else None
