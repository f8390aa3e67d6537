"""The result of validating one signature in a file."""

from dataclasses import dataclass
from datetime import datetime

from meterai.domain.stamping.serials import Serial


@dataclass(frozen=True, slots=True)
class SignatureCheck:
    """One signature field.

    `serial`: from `/XXEMeterai` or a field named `Emet<serial>`, with a valid check character, else
    None. `intact`: the covered bytes and the signature over them are unchanged. `trusted`: its
    certificate chains to a given root at `proven_at`, or else at `signed_at`. `signed_at` is the
    signer's own claim (/M), None where there is none. `proven_at` is the earliest trusted timestamp
    over it, in the signature or of the document. `problem` is the error where the signature could
    not be validated. `of_signer`: its certificate is one of the given signers', None where it could
    not be read. `is_revoked` is None where the file does not prove it. `subject` is the
    certificate's; `end_bytes` is where the covered bytes end. `in_place`: the covered bytes leave
    out the signature's own value and nothing else, also where they reach beyond the file's end.
    `covers_revision`: they are all of its revision; what followed it is not judged here.
    `unreadable`: the parts of the file's validation data that were skipped, as `/OCSPs 1`.
    """

    field: str
    serial: Serial | None
    intact: bool
    trusted: bool
    signed_at: datetime | None
    reason: str | None
    proven_at: datetime | None = None
    problem: str | None = None
    of_signer: bool | None = None
    is_revoked: bool | None = None
    subject: str | None = None
    end_bytes: int = 0
    in_place: bool = False
    covers_revision: bool = False
    unreadable: tuple[str, ...] = ()
