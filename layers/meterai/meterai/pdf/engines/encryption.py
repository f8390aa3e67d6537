"""pyHanko's reader for all files that open without a password, also for what it lacks.

Revision 5 is Adobe's draft of AES-256 ("Adobe Supplement to ISO 32000", extension level 3, 3.5.2):
as revision 6 of ISO 32000-2, with one SHA-256 in place of algorithm 2.B.
"""

from hashlib import sha256
from io import BytesIO
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.crypt import (
    AuthStatus,
    SecurityHandler,
    SecurityHandlerVersion,
    StandardSecurityHandler,
)
from pyhanko.pdf_utils.crypt.standard import StandardSecuritySettingsRevision
from pyhanko.pdf_utils.reader import PdfFileReader

from meterai.domain.errors import DocumentDamaged

REVISION_5 = 5
MAX_SETTINGS_DEPTH = 4  # settings, filters, filter, and one more
_KEY_ENTRY_BYTES = 48
"""Of /O and /U: 32 bytes of hash, 8 of validation salt, 8 of key salt."""


class Reader(PdfFileReader):
    """A tolerant reader. The encryption settings may be indirect, the file identifier missing."""

    def __init__(self, document: bytes) -> None:
        self._settings: generic.DictionaryObject | None = None
        super().__init__(BytesIO(document), strict=False)

    @property
    def encrypt_dict(self) -> generic.DictionaryObject | None:
        """Without references: what they lead to is not encrypted either, and pyHanko would ask the
        security handler for it that is made from this dictionary."""
        if self._settings is None and "/Encrypt" in self.trailer:
            self._settings = _direct(self, super().encrypt_dict)
        return self._settings

    @property
    def security_handler(self) -> SecurityHandler | None:
        if self._security_handler is None and self.encrypt_dict is not None:
            self._security_handler = security_handler(self.encrypt_dict)
        return self._security_handler

    @property
    def document_id(self) -> tuple[bytes, bytes]:
        """Empty where there is none, as in other readers: older keys depend on it."""
        try:
            first, *others = (part.original_bytes for part in self.trailer["/ID"])
        except (KeyError, ValueError, TypeError, AttributeError):
            return b"", b""
        return first, (*others, first)[0]


def _direct(reader: Reader, value: Any, depth: int = 0) -> Any:
    """The value with what it refers to in place of references."""
    if isinstance(value, generic.IndirectObject):
        value = reader.get_object(  # type: ignore[no-untyped-call]
            value.reference, never_decrypt=True
        )
    if not isinstance(value, generic.DictionaryObject):
        return value
    if depth == MAX_SETTINGS_DEPTH:
        raise DocumentDamaged(cause="encryption")
    return generic.DictionaryObject(
        {key: _direct(reader, dict.get(value, key), depth + 1) for key in value}
    )


def security_handler(settings: Any) -> SecurityHandler:
    """For the encryption dictionary `settings`, which has no references in it."""
    if settings.get("/Filter") == "/Standard" and settings.get("/R") == REVISION_5:
        return Revision5Handler(
            version=SecurityHandlerVersion.AES256,
            revision=StandardSecuritySettingsRevision.AES256,
            crypt_filter_config=Revision5Handler.process_crypt_filters(settings),
            **Revision5Handler.gather_encryption_metadata(settings),
        )
    return SecurityHandler.build(settings)


class Revision5Handler(StandardSecurityHandler):
    """Differs from revision 6 in how a password becomes the file's key."""

    def _authenticate_r6(self, password: str | bytes) -> tuple[AuthStatus, bytes | None]:
        given = password.encode() if isinstance(password, str) else password
        if len(self.udata) != _KEY_ENTRY_BYTES or len(self.odata) != _KEY_ENTRY_BYTES:
            raise DocumentDamaged(cause="encryption")
        for status, entry, wrapped, of_user in (
            (AuthStatus.OWNER, self.odata, self.oeseed, self.udata),
            (AuthStatus.USER, self.udata, self.ueseed, b""),
        ):
            if sha256(given + entry[32:40] + of_user).digest() == entry[:32]:
                wrapping = sha256(given + entry[40:48] + of_user).digest()
                decryptor = Cipher(algorithms.AES(wrapping), modes.CBC(bytes(16))).decryptor()
                return status, decryptor.update(wrapped) + decryptor.finalize()
        return AuthStatus.FAILED, None
