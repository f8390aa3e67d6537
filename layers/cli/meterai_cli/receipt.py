"""Checks a deadline receipt offline, with the root key and the key statement that a portal fetched
once and keeps:

    curl -O https://HOST/v1/receipt-keys/root
    curl -O https://HOST/v1/receipt-keys/KID
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from meterai.trust.jws import SignedTextWrong
from meterai.trust.receipts import check, key_id_of


def report(receipt: str, keys: Path, document: Path | None) -> str:
    """The content of the receipt, as lines. `keys` is a folder with `root` and the key statements,
    named by key id. Raises SignedTextWrong; its message says which file to fetch, if one is
    missing.
    """
    key, root = _read(keys / key_id_of(receipt)), _read(keys / "root")
    issuer, facts = check(receipt, key["statement"], root["jwk"])
    lines = [
        f"accepted   {facts.accepted_at.isoformat()}",
        f"document   {facts.document}",
        f"stamping   {facts.stamping}",
        f"account    {facts.account}",
        f"portal     {facts.portal or '-'}",
        f"by         {issuer}",
    ]
    if document is not None:
        found = hashlib.sha256(document.read_bytes()).hexdigest()
        if found != facts.document:
            raise SignedTextWrong(f"it is about another document: this one's SHA-256 is {found}")
        lines.append("the document is the one that was accepted")
    return "\n".join(lines)


def _read(path: Path) -> Any:
    if not path.is_file():
        raise SignedTextWrong(f"{path} is not there: fetch it from /v1/receipt-keys/{path.name}")
    return json.loads(path.read_text(encoding="utf-8"))
