"""What independent judges hold against a stamped file. A judge that could not make anything of the
original has no say; what it held against the original is not held against us."""

import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO

import pikepdf

from meterai.domain.errors import DocumentDamaged
from meterai.pdf.engines.opening import open_stampable
from meterai.pdf.structure.objects import follow, inherited, items_in, numbers, raw
from tests.fixtures.documents.plain import document
from tests.integration.pdf.judges import pdfsig_verdicts, poppler_text, qpdf_complaints
from tests.integration.pdf.signature_judge import Coverage
from tests.integration.pdf.stamping import checks, serial, stamped
from tests.integration.pdf.viewers import POPPLER
from tests.integration.pdf.whole_page import Area, PlacedStamp, faults_shown

TOOLS = ("pdfsig", "certutil", "qpdf", "pdftoppm")
NO_ERROR = "operation succeeded with warnings"
FIELD = f"Emet{serial(1)}"
DRAWN_BY_READERS = ("/Tx", "/Ch", "/Btn")

_FILE = re.compile(r"\S*/document\.pdf")
_PLACE = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)|\d+")


def missing_judges() -> list[str]:
    """Those that are not installed: nothing is judged without all of them."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def faults(original: bytes, taken: bytes, made: bytes, stamp: PlacedStamp) -> list[str]:
    """All that is wrong; nothing, for a good stamp. `taken` is what was stamped: the original, or
    its repair. Pages must show as the original does."""
    found = [] if made.startswith(taken) else ["the original is no prefix"]
    found += _by_pyhanko(taken, made)
    found += _by_pdfsig(taken, made)
    found += [f"qpdf: {new}" for new in _told_by_qpdf(made) - _told_by_qpdf(taken)]
    redrawn = list(_fields_drawn_by_readers(original, made))
    if redrawn:
        found += _other_words(original, made)
    return found + faults_shown(original, made, [stamp], redrawn)


def _fields_drawn_by_readers(original: bytes, made: bytes) -> Iterator[Area]:
    """The fields that each reader draws in its own way, as /NeedAppearances asks for: they are
    compared by their text. What else is on the page, notes and signatures too, is compared as
    drawn."""
    with suppress(pikepdf.PdfError), pikepdf.open(BytesIO(original)) as opened:
        form = opened.Root.get("/AcroForm")
        if form is None or not bool(form.get("/NeedAppearances", False)):
            return
    for number, node in enumerate(open_stampable(made).pages, start=1):
        for item in items_in(node.dictionary, "/Annots"):
            field = follow(item)
            if isinstance(field, dict) and inherited(field, "/FT") in DRAWN_BY_READERS:
                box = numbers(raw(field, "/Rect"))
                if box is not None and len(box) == 4:
                    displayed = node.page.displayed((box[0], box[1], box[2], box[3]))
                    yield Area(number, displayed, node.page.displayed_size_pt)


def _other_words(original: bytes, made: bytes) -> Iterator[str]:
    """Words that poppler reads no longer, and new ones that are neither the stamp's nor those of
    appearances that the file had, which a reader that draws fields itself does not show."""
    before, after = _words(original), _words(made)
    if lost := before - after:
        yield f"poppler: words have gone: {sorted(lost)}"
    known = _words_of_the_stamp().keys() | _words(_drawn_as_stored(original)).keys()
    if came := (after - before).keys() - known:
        yield f"poppler: words have come: {sorted(came)}"


def _words(file: bytes) -> "Counter[str]":
    return Counter(poppler_text(file).split())


@cache
def _words_of_the_stamp() -> "Counter[str]":
    return _words(stamped(document()))


def _drawn_as_stored(original: bytes) -> bytes:
    """A copy whose fields no reader draws itself."""
    made = BytesIO()
    with pikepdf.open(BytesIO(original)) as opened:
        del opened.Root["/AcroForm"]["/NeedAppearances"]
        opened.save(made)
    return made.getvalue()


def _by_pyhanko(original: bytes, made: bytes) -> Iterator[str]:
    try:
        before = {one.field: one for one in checks(original)}
    except DocumentDamaged:
        return
    after = {one.field: one for one in checks(made)}
    ours = after.pop(FIELD, None)
    if ours is None or not ours.holds:
        yield f"pyHanko: the stamp does not hold: {ours}"
    if before.keys() != after.keys():
        yield f"pyHanko: signatures were {sorted(before)}, are {sorted(after)}"
    whole = (Coverage.WHOLE_FILE, Coverage.EXTENDED)
    for field in before.keys() & after.keys():
        was, now = before[field], after[field]
        worse = (was.intact and not now.intact) or (was.trusted and not now.trusted)
        if worse or (was.coverage in whole and now.coverage not in whole):
            yield f"pyHanko: the signature {field!r} got worse"


def _by_pdfsig(original: bytes, made: bytes) -> Iterator[str]:
    if not POPPLER.drawn(original).pictures:
        return
    before = {one.field: one for one in pdfsig_verdicts(original)}
    after = {one.field: one for one in pdfsig_verdicts(made)}
    ours = after.get(FIELD)
    if ours is None or not (ours.valid and ours.trusted and ours.covers_file):
        yield f"pdfsig: the stamp does not hold: {ours}"
    for field, was in before.items():
        if was.valid and not (field in after and after[field].valid):
            yield f"pdfsig: the signature {field!r} got worse"


def _told_by_qpdf(file: bytes) -> set[str]:
    """Its complaints, whatever object and place they are of."""
    lines = (_FILE.sub("", line) for line in qpdf_complaints(file))
    return {_PLACE.sub("", line).strip(" :") for line in lines} - {"qpdf: " + NO_ERROR}
