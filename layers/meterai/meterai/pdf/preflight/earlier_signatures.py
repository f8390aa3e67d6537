"""Whether the signatures that persons made stay as good as they are once the document is stamped.

pyHanko is the strictest validator that is known: it counts any change that it does not know as one
of what was signed, and some damage too, such as ill-formed metadata, that a later revision leaves
as it is. So it judges a trial. Stamps are not judged here: their files are on record.
"""

from collections.abc import Sequence
from typing import Any

from meterai.domain.errors import DocumentLocked, DocumentTooComplex
from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines.opening import open_stampable
from meterai.pdf.preflight.unsigned_stamps import placeholder_serials, with_stamps
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.stamp_spec import StampSpec
from meterai.pdf.structure.objects import Dictionary, entry, follow
from meterai.pdf.structure.restrictions import signed_fields, stamp_serial

ANY_HOST = "meterai.example"


def refuse_worse_signatures(document: bytes, placements: Sequence[Placement]) -> None:
    """Raises DocumentLocked where an earlier signature of others would get worse. Opens sandboxes
    of its own; a document that they do not finish is not judged."""
    if not placements or not run_sandboxed(lambda: _others_signed(document)):
        return
    import pyhanko.sign.validation.pdf_embedded  # noqa: F401 - once, for all children

    pairs = zip(placeholder_serials(placements), placements, strict=True)
    specs = [StampSpec(serial, place, "-") for serial, place in pairs]

    def worse() -> str:
        made = with_stamps(document, specs, ANY_HOST, ResourceBudget(readings=len(specs)))
        after = _unchanged(made)
        return next((name for name in _unchanged(document) if name not in after), "")

    try:
        field = run_sandboxed(worse, ResourceBudget(readings=1 + len(specs)))
    except DocumentTooComplex:
        return
    if field:
        raise DocumentLocked(field=field, cause="signature_would_break")


def _others_signed(document: bytes) -> bool:
    signatures = signed_fields(open_stampable(document).catalog)
    return any(not _is_stamp(field, signature) for field, signature in signatures)


def _is_stamp(field: Dictionary, signature: object) -> bool:
    """Also in a field that has another name: a stamp fills an empty one where it is asked to."""
    return isinstance(signature, dict) and stamp_serial(entry(field, "/T"), signature) is not None


def _unchanged(document: bytes) -> set[str]:
    """The fields of others whose signatures cover what the document still shows, for pyHanko."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, DiffResult
    from pyhanko.sign.fields import enumerate_sig_fields
    from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

    from meterai.pdf.engines.pyhanko_update import Update

    reader = Update(document, seed="").prev
    found = set()
    for name, signed, field in enumerate_sig_fields(reader, filled_status=True):
        if _is_stamp(field.get_object(), follow(signed)):
            continue
        try:
            signature: Any = EmbeddedPdfSignature(reader, field.get_object(), str(name))
            signature.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
        except Exception:  # noqa: BLE001, S112 - a signature that nobody can read
            continue
        if isinstance(signature.diff_result, DiffResult):
            found.add(str(name))
    return found
