"""AWS's default limits for an account in one Region, each with its page (November 2026).

"Adjustable" limits are raised by a request to Service Quotas, which takes days.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Rates are per second."""

    # Jakarta; adjustable, its burst is not (large Regions: 10,000 and 5,000).
    # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
    api_requests: float = 2_500
    api_burst: float = 1_250

    # Adjustable, against payment. `/oauth2/token` with a refresh token counts as a login too; a
    # sign-up is two calls (SignUp, ConfirmSignUp).
    # https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html
    cognito_logins: float = 120
    cognito_creations: float = 50

    # RSA keys share it; adjustable. Older pages say 500.
    # https://docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html
    kms_signs: float = 1_000

    # A new table on demand, and each of its indexes; then twice the former peak, which takes half
    # an hour. `WarmThroughput` sets it beforehand.
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html
    table_writes: float = 4_000
    table_doubles_s: float = 1_800
    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
    partition_writes: float = 1_000

    # Adjustable. Each function may add 1,000 environments in ten seconds, refilled continuously.
    # https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html
    account_concurrency: int = 1_000
    environments_burst: float = 1_000
    environments_added: float = 100

    # Lambda polls a queue with five workers at first and adds up to 300 a minute; provisioned
    # pollers run ten workers and make ten polls a second each, and add 1,000 workers a minute.
    # https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
    min_workers: int = 5
    workers_added: float = 300 / 60
    workers_of_a_poller: int = 10
    polls_of_a_poller: float = 10
    provisioned_workers_added: float = 1_000 / 60


LIMITS = Limits()
