"""How long AWS and the gateway take to answer. None of it was measured by us.

AWS publishes few figures. Each comment gives the source of its number. The simulation also runs
with the whole set scaled, since its answers must not depend on them.
"""

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Latencies:
    """Means, in seconds."""

    # "single-digit milliseconds" for single items.
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
    dynamodb_s: float = 0.006
    # "tens of milliseconds" is the median of requests below 512 KB; 100 to 200 ms the whole range.
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html
    s3_s: float = 0.040
    # Not published. Users report 25 to 30 ms for a call:
    # https://github.com/aws/aws-encryption-sdk-python/issues/430
    kms_s: float = 0.025
    # Not published; assumed as long as an S3 request without a body.
    sqs_s: float = 0.015
    # Not AWS. template.yaml assumes it (PurchaseConcurrency); Midtrans publishes no figure.
    gateway_charge_s: float = 0.5
    gateway_status_s: float = 0.25
    # A cold start before our own imports begin: a median of 150 ms for Python 3.13, and as much
    # again for layers of about 67 MB. Not published by AWS.
    cold_platform_s: float = 0.3

    def scaled(self, factor: float) -> "Latencies":
        return replace(
            self, **{each.name: factor * getattr(self, each.name) for each in fields(self)}
        )


LATENCIES = Latencies()
SPREAD = 0.4  # sigma of the lognormal that a single time is drawn from: p99 is 2.3 times the mean
