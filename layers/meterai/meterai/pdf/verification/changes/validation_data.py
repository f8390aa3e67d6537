"""Which parts of the validation data that a revision adds nobody can read (ISO 32000-2, 12.8.4.3).

They show nothing and prove nothing, so they are named and decide nothing.
"""

from collections.abc import Iterator
from typing import Any

from asn1crypto.crl import CertificateList
from asn1crypto.ocsp import OCSPResponse
from asn1crypto.x509 import Certificate

from meterai.pdf.verification.changes.cross_references import decoded
from meterai.pdf.verification.changes.objects import Decryption
from meterai.pdf.verification.changes.states import After
from meterai.pdf.verification.changes.syntax import Malformed, Reference, Stream
from meterai.pdf.verification.printable import printable

MAX_STREAMS = 1_000
MAX_NAMED = 10
MAX_STREAM_BYTES = 8 * 1024 * 1024
MAX_READ_BYTES = 64 * 1024
"""Of larger ones, which are lists of all revoked certificates, only the beginning is read."""
MAX_SHOWN = 9
"""A slash and the first 8 of the 40 digits that name a signature."""
_KINDS = {"/Certs": Certificate, "/OCSPs": OCSPResponse, "/CRLs": CertificateList}
_KINDS_IN_VRI = {"/Cert": Certificate, "/OCSP": OCSPResponse, "/CRL": CertificateList}


def unreadable_parts(after: After, decryption: Decryption | None) -> list[str]:
    """Of what the revision writes, as `/OCSPs 1`, counted from 1; at most `MAX_NAMED`."""
    catalog = after.follow(after.revision.trailer["/Root"])
    store = after.follow(catalog.get("/DSS")) if isinstance(catalog, dict) else None
    if not isinstance(store, dict):
        return ["/DSS"]
    found, seen = [], 0
    for name, kind, items in _lists(store, after):
        if items is None:
            found.append(name)
            continue
        for place, written in enumerate(items, start=1):
            seen += 1
            if seen > MAX_STREAMS or len(found) >= MAX_NAMED:
                return found
            if _is_written(written, after) and not _is_readable(kind, written, after, decryption):
                found.append(f"{name} {place}")
    return found


def _lists(store: dict[str, Any], after: After) -> Iterator[tuple[str, Any, list[Any] | None]]:
    """By name: the kind and the items of each list; None for what is no list."""
    yield from _lists_in(store, "", _KINDS, after)
    related = after.follow(store.get("/VRI"))
    if related is None:
        return
    if not isinstance(related, dict):
        yield "/VRI", None, None
        return
    for name, written in related.items():
        one = after.follow(written)
        where = f"/VRI{printable(name[:MAX_SHOWN])}"
        if isinstance(one, dict):
            yield from _lists_in(one, where, _KINDS_IN_VRI, after)
        elif name != "/Type":
            yield where, None, None


def _lists_in(
    store: dict[str, Any], where: str, kinds: dict[str, Any], after: After
) -> Iterator[tuple[str, Any, list[Any] | None]]:
    for key, kind in kinds.items():
        items = after.follow(store.get(key))
        if items is not None:
            yield where + key, kind, items if isinstance(items, list) else None


def _is_written(written: Any, after: After) -> bool:
    """Whether this revision brought it, or promises what is not there."""
    if not isinstance(written, Reference):
        return True
    return written.idnum in after.revision.objects or after.follow(written) is None


def _is_readable(kind: Any, written: Any, after: After, decryption: Decryption | None) -> bool:
    stream = after.follow(written)
    if not isinstance(stream, Stream):
        return False
    if decryption is not None and isinstance(written, Reference):
        stream = decryption.stream(stream, written.idnum, written.generation)
    try:
        data = decoded(stream, MAX_STREAM_BYTES)
        parsed = kind.load(data, strict=True)
        if kind is CertificateList and len(data) > MAX_READ_BYTES:
            parsed = parsed["tbs_cert_list"]["this_update"]
        parsed.native  # noqa: B018 - this parses it
    except (Malformed, ValueError, TypeError, KeyError, OverflowError):
        return False
    return True
