"""Checks a deadline receipt offline."""

from pathlib import Path

from meterai.trust.receipts import check, key_id_of
from meterai_cli.signed_texts import KeyFolder, check_is_about


def report(receipt: str, keys: KeyFolder, document: Path | None) -> str:
    """The content of the receipt, as lines. Raises SignedTextWrong."""
    issuer, facts = check(receipt, keys.statement(key_id_of(receipt)), keys.root())
    lines = [
        f"accepted   {facts.accepted_at.isoformat()}",
        f"document   {facts.document}",
        f"stamping   {facts.stamping}",
        f"account    {facts.account}",
        f"portal     {facts.portal or '-'}",
        f"by         {issuer}",
    ]
    if document is not None:
        check_is_about(document, facts.document)
        lines.append("the document is the one that was accepted")
    return "\n".join(lines)
