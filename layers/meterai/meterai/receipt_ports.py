"""The ports of receipts and reports, as `container.py` hands them out: made when asked for."""

from functools import cached_property

from meterai.ports import ReceiptKeys, ReceiptSigner, ReportSigner
from meterai.settings import Settings


class ReceiptPorts:
    """All three need only the hourly keys; the signer also certifies them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def receipt_keys(self) -> ReceiptKeys:
        from meterai.aws import clients
        from meterai.aws.keys.receipt_keys import SecretReceiptKeys

        return SecretReceiptKeys(
            clients.secrets_manager(),
            clients.s3(),
            self.settings.receipt_keys_secret_arn,
            self.settings.documents_bucket,
        )

    @cached_property
    def receipt_signer(self) -> ReceiptSigner:
        from meterai.aws import clients
        from meterai.aws.keys.receipt_keys import KmsRootKey
        from meterai.trust.receipts import JwsReceiptSigner

        root = KmsRootKey(clients.kms(), self.settings.receipt_root_key_id)
        return JwsReceiptSigner(self.settings.public_host, root.certify, root.public_key)

    @cached_property
    def report_signer(self) -> ReportSigner:
        from meterai.trust.reports import JwsReportSigner

        return JwsReportSigner(self.settings.public_host)
