"""What receipts and reports are checked with: the root key and the key statements that a portal
fetched once and keeps in a folder, named by key id.

    curl -O https://HOST/v1/receipt-keys/root
    curl -O https://HOST/v1/receipt-keys/KID
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meterai.trust.jws import SignedTextWrong

_KEY_ID = re.compile(r"[0-9A-Za-z_-]{1,100}")
_JWK = {"kty", "crv", "x", "y"}


class KeysWrong(Exception):
    """A file in the folder is not what it should be. The text says which."""


@dataclass(frozen=True, slots=True)
class KeyFolder:
    path: Path

    def statement(self, key_id: str) -> str:
        """Raises SignedTextWrong, which says what to fetch, KeysWrong and OSError."""
        if _KEY_ID.fullmatch(key_id) is None:
            raise SignedTextWrong("its key id is none of this system")
        return str(self._read(key_id, {"statement"})["statement"])

    def root(self) -> Mapping[str, str]:
        """The public JWK. Raises as `statement`."""
        jwk = self._read("root", {"jwk"})["jwk"]
        if not isinstance(jwk, dict) or not jwk.keys() >= _JWK:
            raise KeysWrong(f"{self.path / 'root'} holds no root key")
        return jwk

    def _read(self, name: str, keys: set[str]) -> dict[str, Any]:
        path = self.path / name
        if not path.is_file():
            raise SignedTextWrong(f"{path} is not there: fetch it from /v1/receipt-keys/{name}")
        try:
            read = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as error:
            raise KeysWrong(f"{path} is no JSON") from error
        if not isinstance(read, dict) or not read.keys() >= keys:
            raise KeysWrong(f"{path} is not what /v1/receipt-keys/{name} answers")
        return read


def check_is_about(document: Path, sha256: str) -> None:
    """Raises SignedTextWrong where the file is another one."""
    found = hashlib.sha256(document.read_bytes()).hexdigest()
    if found != sha256:
        raise SignedTextWrong(f"it is about another document: this one's SHA-256 is {found}")
