"""Remarks on a document that can be stamped: what portals may refuse, and what is hidden in it.

One pass within limits; nothing beyond them is reported.
"""

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.preflight import Finding, remark
from meterai.pdf.engines.opening import Opened
from meterai.pdf.preflight.actions import action_findings
from meterai.pdf.structure.objects import Dictionary, dictionary_in, entry
from meterai.pdf.structure.page_tree import PageNode

GROWTH_BYTES = 14_000
"""The most that one e-meterai adds to a file."""

PORTALS_VERSION = (1, 6)
A4_PT = (595.28, 841.89)
A4_TOLERANCE_PT = 3.0  # a millimetre: printer drivers round
MAX_PAGES = 200


def findings(
    document: bytes, opened: Opened, *, stamps: int, portal_limit_bytes: int
) -> tuple[Finding, ...]:
    """`stamps`: how many e-meterai are wanted. Raises DocumentDamaged where a tree loops."""
    catalog = opened.catalog
    size_bytes = len(document) + stamps * GROWTH_BYTES
    form = dictionary_in(catalog, "/AcroForm") or {}
    pages = opened.pages[:MAX_PAGES]
    sizes_pt = displayed_sizes_pt(opened)
    acts = action_findings(catalog, form, pages)
    portfolio = dictionary_in(catalog, "/Collection") is not None
    attached = _names(catalog, "/EmbeddedFiles") or "embedded_files" in acts
    present = {
        "over_portal_limit": size_bytes > portal_limit_bytes,
        "version_below_1_6": opened.version < PORTALS_VERSION,
        "page_not_a4": not all(_is_a4(*sorted(size_pt)) for size_pt in sizes_pt),
        "encryption_without_password": opened.encrypted,
        "javascript": "javascript" in acts or _names(catalog, "/JavaScript"),
        "launch_action": "launch_action" in acts,
        "embedded_files": attached and not portfolio,
        "portfolio": portfolio,
        "reader_extended": _has_usage_rights(catalog),
        "opens_other_file": "opens_other_file" in acts,
        "exchanges_form_data": "exchanges_form_data" in acts,
        "rich_media": "rich_media" in acts,
        "surprising_link": "surprising_link" in acts,
        "fields_drawn_by_reader": bool(entry(form, "/NeedAppearances")),
        "hybrid_references": opened.hybrid,
    }
    values: dict[str, dict[str, str | int]] = {
        "over_portal_limit": {"size_bytes": size_bytes, "limit_bytes": portal_limit_bytes},
        "version_below_1_6": {"version": "{}.{}".format(*opened.version)},
    }
    return tuple(remark(code, **values.get(code, {})) for code, is_so in present.items() if is_so)


def displayed_sizes_pt(opened: Opened) -> tuple[tuple[float, float], ...]:
    """Of the first pages; (0, 0) for a page that readers cannot show."""
    return tuple(_displayed_size_pt(node) for node in opened.pages[:MAX_PAGES])


def _displayed_size_pt(node: PageNode) -> tuple[float, float]:
    try:
        return node.page.displayed_size_pt
    except DocumentDamaged:  # only the page that is stamped must be valid
        return 0.0, 0.0


def _is_a4(width_pt: float, height_pt: float) -> bool:
    return (
        abs(width_pt - A4_PT[0]) < A4_TOLERANCE_PT and abs(height_pt - A4_PT[1]) < A4_TOLERANCE_PT
    )


def _names(catalog: Dictionary, kind: str) -> bool:
    """Whether the document has names of this kind (ISO 32000-1, 7.7.4)."""
    names = dictionary_in(catalog, "/Names")
    return names is not None and dictionary_in(names, kind) is not None


def _has_usage_rights(catalog: Dictionary) -> bool:
    """Whether Adobe extended the document's features for its Reader (ISO 32000-1, 12.8.2.3)."""
    permissions = dictionary_in(catalog, "/Perms") or {}
    return any(dictionary_in(permissions, key) is not None for key in ("/UR3", "/UR"))
