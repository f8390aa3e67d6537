"""The ports that open PDF files, as `container.py` hands them out: made when first asked for."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from meterai.domain.metrics import Metric
from meterai.domain.stamping.inspections import FileAddress, Question
from meterai.ports import Augmenter, Inspector, Metrics, SigningCertificates, Stamper, StampReader
from meterai.settings import Settings

if TYPE_CHECKING:
    from meterai.pdf.signing.signing_keyring import KeyringSource
    from meterai.pdf.signing.timestamps import Timestamps
    from meterai.trust.fetcher import TrustFetcher


class PdfPorts:
    """One signing keyring and one set of timestamp servers, shared by all of them."""

    def __init__(
        self, settings: Settings, ask: Callable[[FileAddress, Question], Any], metrics: Metrics
    ) -> None:
        """`ask` puts a question to `inspect`."""
        self.settings = settings
        self._ask = ask
        self._metrics = metrics

    @cached_property
    def inspector(self) -> Inspector:
        from meterai.pdf.confinement import protect_memory
        from meterai.pdf.inspections import PdfInspector

        protect_memory()
        return PdfInspector(self.settings.portal_limit_bytes, self.settings.public_host)

    @cached_property
    def stamper(self) -> Stamper:
        from meterai.aws import clients
        from meterai.aws.keys.signing import KmsSigner
        from meterai.pdf.adapters import PdfStamper
        from meterai.pdf.confinement import protect_memory

        protect_memory()
        return PdfStamper(
            self._keyring,
            KmsSigner(clients.kms(), lambda: self._metrics.record(Metric.KMS_THROTTLED)).sign,
            self.settings.public_host,
            self._timestamps if self.settings.timestamp_urls else None,
        )

    @cached_property
    def augmenter(self) -> Augmenter:
        from meterai.pdf.adapters import PdfAugmenter

        return PdfAugmenter(self._keyring, self._timestamps, self._trust_fetcher)

    @cached_property
    def signing_certificates(self) -> SigningCertificates:
        from meterai.pdf.signing.signing_keyring import KeyringCertificates

        return KeyringCertificates(self._keyring)

    @cached_property
    def stamp_reader(self) -> StampReader:
        from meterai.pdf.verification.stamp_reader import PdfStampReader

        return PdfStampReader(self._keyring, self._ask)

    @cached_property
    def _keyring(self) -> "KeyringSource":
        from meterai.aws import clients
        from meterai.aws.keys.signing import SigningManifest
        from meterai.pdf.signing.signing_keyring import SigningKeyring

        manifest = SigningManifest(
            clients.s3(), self.settings.documents_bucket, self.settings.signing_manifest_object
        )
        parse = lru_cache(maxsize=2)(SigningKeyring.from_json)

        def keyring(*, anew: bool = False) -> SigningKeyring:
            return parse(manifest.read(anew=anew))

        return keyring

    @cached_property
    def _timestamps(self) -> "Timestamps":
        from meterai.pdf.signing.timestamps import TimestampServers

        settings = self.settings
        return TimestampServers(
            settings.timestamp_urls, self._trust_fetcher, settings.timestamp_bytes
        )

    @cached_property
    def _trust_fetcher(self) -> "TrustFetcher":
        from meterai.trust.fetcher import TrustFetcher

        return TrustFetcher()
