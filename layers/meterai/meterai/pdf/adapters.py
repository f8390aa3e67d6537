"""Implementations of the document ports (`meterai.ports`) with this package."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from meterai.domain.errors import SignatureMismatch, SigningKeyUnusable, Unavailable
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.stampings import EMeterai
from meterai.pdf.engines.chain import stamp
from meterai.pdf.signing.signing_certificate import SigningCertificate
from meterai.pdf.signing.signing_keyring import KeyringSource
from meterai.pdf.signing.timestamps import Timestamps
from meterai.pdf.stamp_spec import StampSpec
from meterai.ports import Stamped

SignWith = Callable[[str, bytes], bytes]
"""The key service: takes key id and signed attributes, returns the signature."""


@dataclass(frozen=True, slots=True)
class PdfStamper:
    """Stamps with the current signing certificate."""

    keyring: KeyringSource
    sign: SignWith
    public_host: str
    timestamps: Timestamps | None = None

    def check_certificate(self, at: datetime) -> None:
        self._certificate(at)

    def stamp(self, document: bytes, emeterai: Sequence[EMeterai], at: datetime) -> Stamped:
        certificate = self._certificate(at)
        try:
            return self._stamp(certificate, document, emeterai, at)
        except (SignatureMismatch, SigningKeyUnusable):
            fresh = self.keyring(anew=True).current
            if fresh == certificate:
                raise
        # The key was changed since the manifest was last read.
        return self._stamp(fresh, document, emeterai, at)

    def _certificate(self, at: datetime) -> SigningCertificate:
        """Raises Unavailable where the certificate is still the expired one: what is paid waits for
        the next, instead of being signed in vain."""
        certificate = self.keyring().current
        if certificate.expires_at <= at:
            certificate = self.keyring(anew=True).current
        if certificate.expires_at <= at:
            raise Unavailable(party="signing_certificate", reason="expired")
        return certificate

    def _stamp(
        self,
        certificate: SigningCertificate,
        document: bytes,
        emeterai: Sequence[EMeterai],
        at: datetime,
    ) -> Stamped:
        level = emeterai[0].level
        wanted = self.timestamps is not None and level is not SignatureLevel.B_B
        recorded = _RecordedTimestamps(self.timestamps) if self.timestamps and wanted else None
        content = stamp(
            document,
            [StampSpec(one.serial, one.placement, one.reason) for one in emeterai],
            certificate=certificate,
            sign=lambda attributes: self.sign(certificate.key_id, attributes),
            at=at,
            public_host=self.public_host,
            timestamps=recorded,
        )
        timestamped = recorded is not None and all(recorded.received)
        return Stamped(content, SignatureLevel.B_T if timestamped else SignatureLevel.B_B)


@dataclass(frozen=True, slots=True)
class _RecordedTimestamps:
    """Passes requests on, and records for each whether a token was received."""

    timestamps: Timestamps
    received: list[bool] = field(default_factory=list)

    @property
    def largest_bytes(self) -> int:
        return self.timestamps.largest_bytes

    def __call__(self, digest: bytes) -> bytes | None:
        token = self.timestamps(digest)
        self.received.append(token is not None)
        return token


@dataclass(frozen=True, slots=True)
class PdfAugmenter:
    """Augments files by further revisions. `fetch` is HTTP to OCSP responders and CRL hosts."""

    keyring: KeyringSource
    timestamps: Timestamps
    fetch: Callable[..., bytes]

    def augment(self, stamped: bytes, level: SignatureLevel, at: datetime) -> bytes:
        from meterai.pdf.augmentation.augment import (
            add_timestamp,
            add_validation_data,
            check_in_sandbox,
        )

        if level is SignatureLevel.B_B:
            return stamped
        ours = self.keyring()
        check_in_sandbox(stamped, signers=ours.certificates)
        timestamped = add_timestamp(stamped, self.timestamps, signers=ours.certificates)
        if level is SignatureLevel.B_T:
            return timestamped
        return add_validation_data(
            timestamped, fetch=self.fetch, roots=ours.trusted, signers=ours.certificates, at=at
        )
