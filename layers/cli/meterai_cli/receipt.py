"""A deadline receipt, checked offline: for a portal that fetched the office's root key and the
statement about the receipt's key beforehand, and keeps them.

    curl -O https://HOST/v1/receipt-keys/root
    curl -O https://HOST/v1/receipt-keys/KID
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from meterai.trust.receipts import ReceiptWrong, check, key_id_of


def report(receipt: str, keys: Path, document: Path | None) -> str:
    """What it says, in lines. `keys` is a folder with `root` and each key by its name, as they were
    fetched. Raises ReceiptWrong, with what to do where a file is lacking."""
    key, root = _read(keys / key_id_of(receipt)), _read(keys / "root")
    issuer, said = check(receipt, key["statement"], root["jwk"])
    lines = [
        f"accepted   {said.accepted_at.isoformat()}",
        f"document   {said.document}",
        f"stamping   {said.stamping}",
        f"account    {said.account}",
        f"portal     {said.portal or '-'}",
        f"by         {issuer}",
    ]
    if document is not None:
        found = hashlib.sha256(document.read_bytes()).hexdigest()
        if found != said.document:
            raise ReceiptWrong(f"it is about another document: this one's SHA-256 is {found}")
        lines.append("the document is the one that was accepted")
    return "\n".join(lines)


def _read(path: Path) -> Any:
    if not path.is_file():
        raise ReceiptWrong(f"{path} is not there: fetch it from /v1/receipt-keys/{path.name}")
    return json.loads(path.read_text(encoding="utf-8"))
