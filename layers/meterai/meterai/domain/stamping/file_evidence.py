"""What a file says of itself: the serials that its bytes name, and its signatures as read.

Nothing here is a verdict: what is recorded of the serials decides (`verdicts.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from meterai.domain.stamping.serials import Serial


@dataclass(frozen=True, slots=True)
class NamedSerial:
    """`in_signature`: named as only a signature or its field names it. A serial in text proves
    nothing."""

    serial: Serial
    in_signature: bool


class Integrity(StrEnum):
    AS_ISSUED = "as_issued"  # the bytes are on record, which says more than their signature
    INTACT = "intact"  # the signed bytes are unchanged, and the signature over them is correct
    BROKEN = "broken"
    NOT_CHECKED = "not_checked"


class CertificateOf(StrEnum):
    OURS = "ours"
    OTHERS = "others"
    NOT_CHECKED = "not_checked"


class Trust(StrEnum):
    """Of the certificate: whether its chain ends in a trusted root, at the time of signing."""

    TRUSTED = "trusted"
    NOT_TRUSTED = "not_trusted"
    NOT_CHECKED = "not_checked"


class Revocation(StrEnum):
    """Of the chain, as far as the file itself proves it: nothing is fetched."""

    GOOD = "good"
    REVOKED = "revoked"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class SignatureFact:
    """One signature, as a reader finds it.

    `serial` is well-formed and from its field or dictionary; None of other signatures. `in_place`:
    its byte range leaves out its own value and nothing else, as it was written. `end_bytes` is
    where its revision ends. `signer` is a claim.
    """

    serial: Serial | None
    integrity: Integrity
    certificate: CertificateOf
    in_place: bool
    end_bytes: int
    trust: Trust = Trust.NOT_CHECKED
    revocation: Revocation = Revocation.NOT_CHECKED
    signer: str | None = None

    @property
    def is_ours_and_intact(self) -> bool:
        return self.integrity is Integrity.INTACT and self.certificate is CertificateOf.OURS
