"""Whether a file bears signatures, told from its bytes alone, so that advice also fits a file that
no reader opens.

A signature's byte range gives places in the file, so its dictionary is never in an object stream,
and its names are never encrypted (ISO 32000-1, 7.5.7 and 7.6.1).
"""

import re
from enum import StrEnum

from meterai.domain.errors import (
    DocumentAmbiguous,
    DocumentDamaged,
    DocumentEncrypted,
    DocumentRefused,
    DocumentTooComplex,
    FieldsNotDrawn,
    FormIsXfa,
    NotAPdf,
)
from meterai.pdf.stamp_spec import FIELD_PREFIX

ADVICE_DEPENDS = (
    DocumentAmbiguous,
    DocumentDamaged,
    DocumentEncrypted,
    DocumentTooComplex,
    FieldsNotDrawn,
    FormIsXfa,
    NotAPdf,
)
"""The usual advice on these is to make a new file, which has no signature."""

_EMETERAI = re.compile(rb"/XXEMeterai\b|\b%b[0-9A-Z]{22}\b" % FIELD_PREFIX.encode("ascii"))
_SIGNATURE = re.compile(
    rb"/ByteRange\b|/Type\s*/(?:Sig|DocTimeStamp)\b|/SubFilter\s*/(?:adbe\.|ETSI\.)"
    rb"|/Contents\s*<30(?:80|8[1-4])"  # the CMS, cut off before the other entries
)
_BYTE_RANGE = re.compile(rb"/ByteRange\b")
_USAGE_RIGHTS = re.compile(rb"/TransformMethod\s*/UR3?\b")


class Bears(StrEnum):
    """What would be lost if the file were printed or saved anew."""

    NOTHING = "nothing"
    SIGNATURE = "signature"
    EMETERAI = "emeterai"


def bears(document: bytes) -> Bears:
    """A match that is no signature still counts. Usage rights of a Reader-extended form do not:
    no person signed them."""
    if _EMETERAI.search(document):
        return Bears.EMETERAI
    if _SIGNATURE.search(document) is None:
        return Bears.NOTHING
    rights = len(_USAGE_RIGHTS.findall(document))
    only_rights = 0 < len(_BYTE_RANGE.findall(document)) <= rights
    return Bears.NOTHING if only_rights else Bears.SIGNATURE


def with_traces(refused: DocumentRefused, document: bytes) -> DocumentRefused:
    """The same refusal; its value `bears` chooses the advice where the file bears anything."""
    if not isinstance(refused, ADVICE_DEPENDS) or "bears" in refused.values:
        return refused
    found = bears(document)
    if found is Bears.NOTHING:
        return refused
    return type(refused)(**refused.values, bears=found.value)
