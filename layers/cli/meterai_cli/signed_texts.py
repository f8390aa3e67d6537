"""What receipts and reports are checked with: the root key and the key statements that a portal
fetched once and keeps in a folder, named by key id.

    curl -O https://HOST/v1/receipt-keys/root
    curl -O https://HOST/v1/receipt-keys/KID
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meterai.trust.jws import SignedTextWrong


@dataclass(frozen=True, slots=True)
class KeyFolder:
    path: Path

    def statement(self, key_id: str) -> str:
        """Raises SignedTextWrong, which says what to fetch."""
        return str(self._read(key_id)["statement"])

    def root(self) -> Mapping[str, str]:
        """The public JWK. Raises SignedTextWrong, which says what to fetch."""
        jwk: Mapping[str, str] = self._read("root")["jwk"]
        return jwk

    def _read(self, name: str) -> Any:
        path = self.path / name
        if not path.is_file():
            raise SignedTextWrong(f"{path} is not there: fetch it from /v1/receipt-keys/{name}")
        return json.loads(path.read_text(encoding="utf-8"))


def check_is_about(document: Path, sha256: str) -> None:
    """Raises SignedTextWrong where the file is another one."""
    found = hashlib.sha256(document.read_bytes()).hexdigest()
    if found != sha256:
        raise SignedTextWrong(f"it is about another document: this one's SHA-256 is {found}")
