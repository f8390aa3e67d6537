"""What every stamping engine has in common. `engines.chain` tries them in order.

An engine answers with a prepared document, with a refusal that holds for every engine, or raises
Unsupported: then the next one is tried. An engine that is unsure raises Unsupported; it never
guesses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from meterai.domain.stamping.serials import public_address
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.signing import cms
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.stamp_spec import StampSpec


class Unsupported(Exception):
    """This engine does not handle this document. The message is for statistics and debugging."""


@dataclass(frozen=True, slots=True)
class SigningContext:
    """What all stamps of one call share.

    `at` is aware and becomes the signatures' /M. `budget` limits engines that run in a sandbox.
    `token_bytes` is the space reserved for a timestamp token in each signature.
    """

    certificate: SigningCertificate
    at: datetime
    public_host: str
    budget: ResourceBudget = field(default_factory=ResourceBudget)
    token_bytes: int = 0

    @property
    def reserved_bytes(self) -> int:
        """The largest CMS that a signature may need; the exact size where no token is expected."""
        return cms.size_bytes(self.certificate, self.token_bytes)

    def address(self, spec: StampSpec) -> str:
        return public_address(self.public_host, spec.serial)


class PreparedDocument(Protocol):
    """A document while it is stamped. For each spec, in order: `digest`, then `fill`."""

    def digest(self) -> bytes:
        """The SHA-256 of the bytes that the next signature covers. Raises the refusals of
        `stamp`."""

    def fill(self, signature_cms: bytes) -> None:
        """Insert the signature over that digest."""

    def finished(self) -> bytes:
        """The document with all signatures that were filled in."""

    def close(self) -> None:
        """End what it still holds, also where it was not finished. May be called twice."""


Engine = Callable[[bytes, Sequence[StampSpec], SigningContext], PreparedDocument]
