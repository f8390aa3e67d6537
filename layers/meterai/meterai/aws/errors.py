"""What a failed call to AWS means: `Unavailable`, or a mistake of ours.

Throttling, time-outs, lost connections and 5xx become `Unavailable` after botocore's own retries:
nothing was concluded. What a call expects (a failed condition, a missing key) is caught where it is
expected. All else (no right, no such table, a malformed request) passes through as it is: the edge
answers 500, a lane tries again, and the template or the code has to be corrected.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from random import SystemRandom
from time import sleep

from botocore.exceptions import (
    ClientError,
    ConnectionError,  # noqa: A004 (botocore's own family of failed connections)
    HTTPClientError,
    IncompleteReadError,
)

from meterai.domain.errors import Unavailable

THROTTLED = frozenset(
    {
        "LimitExceededException",
        "OperationAborted",
        "ProvisionedThroughputExceeded",  # so called among the reasons of a transaction
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestTimeout",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)

_random = SystemRandom()


@contextmanager
def translate_aws_errors(party: str) -> Iterator[None]:
    """Turns a call without an answer into `Unavailable`."""
    try:
        yield
    except (ConnectionError, HTTPClientError, IncompleteReadError) as failure:
        raise Unavailable(party=party, reason=type(failure).__name__) from failure
    except ClientError as failure:
        status = failure.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if status >= 500 or code_of(failure) in THROTTLED:
            raise Unavailable(party=party, reason=code_of(failure)) from failure
        raise


def code_of(failure: ClientError) -> str:
    return failure.response.get("Error", {}).get("Code", "")


def pause(tried: int) -> None:
    """Waits a random time, up to twice as long after each try, so that two writers do not collide
    again."""
    sleep(_random.uniform(0, 0.01 * 2**tried))
