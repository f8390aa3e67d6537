"""Issued fields that a later revision fills in or signs."""

from typing import Any

from meterai.domain.stamping.later_changes import Change, ChangeKind
from meterai.domain.stamping.verdicts import Cause
from meterai.pdf.verification.changes.fields import Field, FormFields
from meterai.pdf.verification.changes.findings import Altered, Findings, Signer, signed
from meterai.pdf.verification.changes.new_fields import NewFields
from meterai.pdf.verification.changes.pages import PageChanges
from meterai.pdf.verification.changes.states import After, Explained, changed_keys

_FILLED_IN = {"/V", "/AS", "/AP", "/I", "/M", "/RV"}
_FIELD_KEYS = {"/Parent", "/Obj", "/T", "/AN"}
"""Where others refer to a field or widget directly: kids, tags and actions."""
_SIGNED = {"/V", "/AP", "/AS", "/F", "/M", "/MK", "/DA"}


def compare_values(
    after: After,
    left: set[int],
    fields: FormFields,
    pages: PageChanges,
    new_fields: NewFields,
    findings: Findings,
) -> Explained:
    """Of the changed objects that are `left`, those that belong to fields. Raises Altered."""
    explained = Explained()
    for number in sorted(left):
        if number in fields.fields:
            one = fields.fields[number]
            old, new = after.before.current(number), after.current(number)
            if not isinstance(old, dict) or not isinstance(new, dict):
                raise Altered(ChangeKind.FORM)
            if one.kind == "/Sig":
                _sign(one, old, new, after, pages, new_fields, findings)
            elif changed_keys(old, new, after) <= _FILLED_IN:
                _fill(number, after, pages, findings)
            else:
                raise Altered(ChangeKind.FORM, _page(number, pages))
            explained.add(number, keys=_FIELD_KEYS)
        elif number in fields.appearances:
            holder = fields.appearances[number]
            if fields.fields[holder].kind != "/Sig":
                _fill(holder, after, pages, findings)
                explained.add(number, {*fields.fields, *fields.appearances})
    return explained


def _fill(number: int, after: After, pages: PageChanges, findings: Findings) -> None:
    place = next(iter(pages.places_of(number)), None)
    page, box = (place[0] + 1, place[1]) if place else (None, None)
    findings.add(Change(after.revision.number, ChangeKind.FIELD_VALUE, page, box))
    findings.covered(Cause.FILLED)


def _sign(
    one: Field,
    old: dict[str, Any],
    new: dict[str, Any],
    after: After,
    pages: PageChanges,
    new_fields: NewFields,
    findings: Findings,
) -> None:
    """An empty signature field is signed: it, or the widget below it, changes."""
    holder = after.before.current(one.root)
    was = old.get("/V", holder.get("/V") if isinstance(holder, dict) else None)
    holder = after.current(one.root)
    value = new.get("/V", holder.get("/V") if isinstance(holder, dict) else None)
    page = _page(one.number, pages)
    if after.before.follow(was) is not None or not changed_keys(old, new, after) <= _SIGNED:
        raise Altered(ChangeKind.FORM, page)
    signature = new_fields.signature(value)
    if signature is None:
        raise Altered(ChangeKind.FORM, page)
    signer = Signer(signature.what, signature.signer, signature.at)
    places = pages.places_of(one.number)
    for index, box in places:
        page = index + 1
        new_fields.check_widget(new, page, turns=pages.turns(index), has_box=box is not None)
        findings.place(index, box)
        findings.add(signed(Change(after.revision.number, signature.what, page, box), signer))
    if not places and "/Kids" not in new:  # else its widget changes as well
        findings.add(signed(Change(after.revision.number, signature.what), signer))


def _page(number: int, pages: PageChanges) -> int | None:
    places = pages.places_of(number)
    return places[0][0] + 1 if places else None
