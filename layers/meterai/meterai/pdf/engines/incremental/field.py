"""The objects of a visible signature field, in PDF syntax (ISO 32000-1, 12.7.4.5, 12.8.1)."""

import re
from datetime import UTC, datetime

from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.stamp_spec import SERIAL_KEY, StampSpec
from meterai.pdf.structure.flags import PRINTED_AND_LOCKED

BYTE_RANGE = b"/ByteRange[0 %-10d %-10d %-10d]"
UNKNOWN_RANGE = BYTE_RANGE % (0, 0, 0)
_ESCAPED = re.compile(r"[\\()\r\n]")
_ESCAPES = str.maketrans({"\\": r"\\", "(": r"\(", ")": r"\)", "\r": r"\r", "\n": r"\n"})


def string(text: str) -> bytes:
    """A text string: ASCII as it is, anything else as UTF-16 (7.9.2.2)."""
    if text.isascii():
        escaped = text.translate(_ESCAPES) if _ESCAPED.search(text) else text
        return b"(%b)" % escaped.encode("ascii")
    return b"<FEFF%b>" % text.encode("utf-16-be").hex().upper().encode("ascii")


def signature_before_contents(spec: StampSpec, at: datetime) -> bytes:
    """The signature dictionary up to the value of /Contents; the byte range is a placeholder."""
    when = at if at.tzinfo is UTC else at.astimezone(UTC)
    return (
        b"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name(Meterai)"
        b"/Location(Indonesia)/%b/%b/M(D:%04d%02d%02d%02d%02d%02dZ)/Reason%b%b/Contents"
    ) % (
        SERIAL_KEY.encode("ascii"),
        spec.serial.encode("ascii"),
        when.year,
        when.month,
        when.day,
        when.hour,
        when.minute,
        when.second,
        string(spec.signature_reason),
        UNKNOWN_RANGE,
    )


def widget(
    spec: StampSpec,
    rectangle: Rectangle,
    *,
    page: int,
    form: int | None = None,
    signature: int | None = None,
    tag: int | None = None,
) -> bytes:
    """Field and annotation in one dictionary; `page`, `form` and `signature` are object numbers.
    Without the latter two it is an empty field. `tag`: its key in the parent tree."""
    label = string(spec.label)
    # Rounded to four decimals; PDF has no exponents.
    box = b"%.10g %.10g %.10g %.10g" % rectangle
    filled = b"/AP<</N %d 0 R>>/V %d 0 R" % (form, signature) if form and signature else b""
    return (
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T(%b)/TU%b/Contents%b/F %d/Rect[%b]/P %d 0 R%b%b>>"
        % (
            spec.field_name.encode("ascii"),
            label,
            label,
            PRINTED_AND_LOCKED,
            box,
            page,
            filled,
            b"" if tag is None else b"/StructParent %d" % tag,
        )
    )
