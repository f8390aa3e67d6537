"""Restrictions that forbid a stamp, and the stamps that a document has (ISO 32000-1, 12.8.2).

Everything is read from the catalog through built-in types. So preflight and the engines apply the
same rules, whichever library opened the document.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from meterai.domain.errors import (
    DocumentAmbiguous,
    DocumentCertified,
    DocumentLocked,
    FieldsNotDrawn,
    FormIsXfa,
    PermissionDenied,
)
from meterai.domain.stamping.serials import SERIAL_FORM, Serial
from meterai.pdf.stamp_spec import FIELD_PREFIX, SERIAL_KEY
from meterai.pdf.structure.field_values import undrawn_field
from meterai.pdf.structure.flags import NOT_SHOWN
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    form_fields,
    items_in,
)
from meterai.pdf.structure.page_tree import PageNode

MODIFY_CONTENTS = 1 << 3
ANNOTATE_AND_FILL = 1 << 5


def refuse_restricted(catalog: Dictionary) -> None:
    """Refuse a document that a stamp would invalidate, or whose form would show something else.

    Raises FormIsXfa; DocumentCertified for any DocMDP (a stamp adds a field, which P=1 to 3 all
    forbid); DocumentLocked where an earlier signer locked fields: by FieldMDP, or by the /Lock of a
    signed field, which takes effect with the signature; FieldsNotDrawn.
    """
    if "/AcroForm" not in catalog and "/Perms" not in catalog:
        return
    form = dictionary_in(catalog, "/AcroForm")
    if form is not None and entry(form, "/XFA") is not None:
        raise FormIsXfa
    permissions = dictionary_in(catalog, "/Perms")
    if permissions is not None and entry(permissions, "/DocMDP") is not None:
        raise DocumentCertified
    for field, signature in signed_fields(catalog):
        methods = {
            entry(reference, "/TransformMethod")
            for item in items_in(signature, "/Reference")
            if isinstance(reference := follow(item), dict)
        }
        if "/DocMDP" in methods:
            raise DocumentCertified
        if "/FieldMDP" in methods or entry(field, "/Lock") is not None:
            raise DocumentLocked(field=str(entry(field, "/T") or ""))
    undrawn = undrawn_field(form) if form is not None else None
    if undrawn is not None:
        raise FieldsNotDrawn(field=undrawn)


def refuse_fields_without_form(catalog: Dictionary, pages: Iterable[PageNode]) -> None:
    """Raises DocumentAmbiguous where pages show fields that belong to no form: pdfium shows them
    only once there is one, which a stamp needs; poppler and MuPDF show them already."""
    if dictionary_in(catalog, "/AcroForm") is not None:
        return
    for node in pages:
        if any(map(_is_field, items_in(node.dictionary, "/Annots"))):
            raise DocumentAmbiguous(cause="fields_without_form")


def _is_field(item: Any) -> bool:
    """Whether it is a visible one."""
    annotation = follow(item)
    if not isinstance(annotation, dict) or entry(annotation, "/Subtype") != "/Widget":
        return False
    flags = entry(annotation, "/F")
    hidden = isinstance(flags, int) and flags & NOT_SHOWN
    return not hidden and dictionary_in(annotation, "/AP") is not None


def refuse_without_permission(flags: int) -> None:
    """Raises PermissionDenied unless `flags` (/P) allow a new signature field.

    ISO 32000-1, table 22: bit 6, "and, if bit 4 is also set, create or modify interactive form
    fields (including signature fields)".
    """
    if not (flags & MODIFY_CONTENTS and flags & ANNOTATE_AND_FILL):
        raise PermissionDenied(permissions=flags)


def signed_fields(catalog: Dictionary) -> Iterator[tuple[Dictionary, Dictionary]]:
    """Each signed field, and its signature dictionary."""
    form = dictionary_in(catalog, "/AcroForm")
    for _, field in form_fields(form):
        signature = dictionary_in(field, "/V")
        if signature is not None and entry(signature, "/ByteRange") is not None:
            yield field, signature


def is_signed(catalog: Dictionary) -> bool:
    """Whether the document has any signature, stamps included."""
    return next(signed_fields(catalog), None) is not None


def stamped_serials(catalog: Dictionary) -> tuple[Serial, ...]:
    """The serials of the document's signed fields, in order. Not verified."""
    if "/AcroForm" not in catalog:
        return ()
    named = (stamp_serial(entry(field, "/T"), one) for field, one in signed_fields(catalog))
    return tuple(filter(None, named))


def stamp_serial(field_name: object, signature: Dictionary) -> Serial | None:
    """The serial that a signature names; older ones have it in the field's name alone. What has
    not the form of a serial is none; its check character is not looked at."""
    for prefix, named in (("/", entry(signature, f"/{SERIAL_KEY}")), (FIELD_PREFIX, field_name)):
        if isinstance(named, str) and named.startswith(prefix):
            serial = str(named).removeprefix(prefix)
            if SERIAL_FORM.fullmatch(serial):
                return Serial(serial)
    return None
