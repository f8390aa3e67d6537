"""What alarms watch: `template.yaml` names each metric in at least one alarm."""

from enum import StrEnum


class Metric(StrEnum):
    """A count, but for `BUYING_PAUSED`: 1 when buying pauses, 0 when it resumes; and for
    `SIGNING_CERTIFICATE_DAYS`: how many it is still valid."""

    AUGMENTATION_LATE = "AugmentationLate"
    BUYING_PAUSED = "BuyingPaused"
    CHARGE_REFUSED = "ChargeRefused"
    KMS_THROTTLED = "KmsThrottled"
    NO_SIGNING_IDENTITY = "NoSigningIdentity"
    RECONCILIATION_OPEN = "ReconciliationOpen"
    REFUND_PROMISE_AT_RISK = "RefundPromiseAtRisk"
    SIGNED_NOT_ISSUED = "SignedNotIssued"
    SIGNING_CERTIFICATE_DAYS = "SigningCertificateDays"
