"""The doors that a document may be stamped through, one after the other in `stamp.DOORS`.

A door answers with a draft, or with a refusal that holds for every door, or says Unsupported: then
the next one is asked. Unsure means Unsupported, never a guess.
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
    """This door does not take this document; the reason is for whoever counts doors."""


@dataclass(frozen=True, slots=True)
class SigningContext:
    """What all marks of one stamping share. `at` is aware, and becomes the signatures' /M.

    `allowance` is what doors that open in a child may take, `token_bytes` the room that a timestamp
    token may take in each signature.
    """

    identity: SigningCertificate
    at: datetime
    public_host: str
    budget: ResourceBudget = field(default_factory=ResourceBudget)
    token_bytes: int = 0

    @property
    def reserved_bytes(self) -> int:
        """What the CMS of every signature needs at most; without tokens, exactly."""
        return cms.size_bytes(self.identity, self.token_bytes)

    def address(self, spec: StampSpec) -> str:
        return public_address(self.public_host, spec.serial)


class PreparedDocument(Protocol):
    """A document that is being stamped: `digest` and `fill` by turns, once a mark, in order."""

    def digest(self) -> bytes:
        """The SHA-256 of what the next mark's signature covers. Raises the refusals of `stamp`."""

    def fill(self, signature_cms: bytes) -> None:
        """Put the signature over that digest in its place."""

    def finished(self) -> bytes:
        """The document with all signatures that were filled in."""


Engine = Callable[[bytes, Sequence[StampSpec], SigningContext], PreparedDocument]
