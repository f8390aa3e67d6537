"""Checks a signed verification report offline."""

from collections.abc import Iterator
from pathlib import Path

from meterai.domain.stamping.reports import Report
from meterai.trust.reports import check, key_id_of
from meterai_cli.signed_texts import KeyFolder, check_is_about


def report(text: str, keys: KeyFolder, document: Path | None) -> str:
    """The content of the report, as lines. Raises SignedTextWrong."""
    text = text.strip()
    issuer, facts = check(text, keys.statement(key_id_of(text)), keys.root())
    lines = [*_lines(facts), f"by         {issuer}"]
    if document is not None:
        check_is_about(document, facts.document)
        lines.append("the document is the one that was verified")
    return "\n".join(lines)


def _lines(facts: Report) -> Iterator[str]:
    yield f"verified   {facts.verified_at.isoformat()}"
    yield f"document   {facts.document}, {facts.size_bytes} bytes"
    yield f"verdict    {facts.verdict}{_because(facts.cause)}"
    for stamp in facts.stamps:
        place = "" if stamp.page is None else f", page {stamp.page}"
        yield f"e-meterai  {stamp.serial}: {stamp.verdict}{_because(stamp.cause)}{place}"
        checked = f"integrity {stamp.integrity}, certificate {stamp.certificate}"
        yield f"           {checked}, trust {stamp.trust}, revocation {stamp.revocation}"
    for change in facts.changes:
        where = "" if change.page is None else f", page {change.page}"
        who = "" if change.signer is None else f", by {change.signer}"
        yield f"later      revision {change.revision}: {change.what}{where}{who}"


def _because(cause: str | None) -> str:
    return f" ({cause})" if cause else ""
