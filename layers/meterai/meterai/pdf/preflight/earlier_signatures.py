"""Whether the signatures that persons made stay as good as they are once the document is stamped.

pyHanko is the strictest validator that is known: it counts any change that it does not know as one
of what was signed, and some damage too, such as ill-formed metadata, that a later revision leaves
as it is. So it judges a trial. Stamps are not judged here: their files are on record.
"""

from typing import Any

from meterai.domain.errors import DocumentLocked, DocumentTooComplex
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.structure.objects import Dictionary, entry, follow
from meterai.pdf.structure.restrictions import signed_fields, stamp_serial

READINGS = 2  # before and after the trial


def refuse_worse_signatures(document: bytes, stamped: bytes) -> None:
    """`stamped`: the document after a trial. Raises DocumentLocked where an earlier signature of
    others gets worse by it. Opens a sandbox of its own; a document that it does not finish is not
    judged."""
    import pyhanko.sign.validation.pdf_embedded  # noqa: F401 - once, for all children

    def worse() -> str:
        after = _unchanged(stamped)
        return next((name for name in _unchanged(document) if name not in after), "")

    try:
        field = run_sandboxed(worse, ResourceBudget(READINGS))
    except DocumentTooComplex:
        return
    if field:
        raise DocumentLocked(field=field, cause="signature_would_break")


def others_signed(catalog: Dictionary) -> bool:
    """Whether the document has a signature that is no stamp."""
    return any(not _is_stamp(field, signature) for field, signature in signed_fields(catalog))


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
