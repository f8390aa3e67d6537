"""Objects in S3 that are written once and never replaced."""

from collections.abc import Callable

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, pause, translate_aws_errors
from meterai.domain.errors import Unavailable

MAX_TRIES = 5


def put_once(put: Callable[[], object]) -> bool:
    """`put` stores an object with `IfNoneMatch="*"`. False: there is one already (412). While
    another put of the same key is under way (409), it is tried again:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html. Raises
    Unavailable."""
    for tried in range(MAX_TRIES):
        try:
            with translate_aws_errors("s3"):
                put()
        except ClientError as failure:
            if code_of(failure) == "PreconditionFailed":
                return False
            if code_of(failure) != "ConditionalRequestConflict":
                raise
        else:
            return True
        pause(tried)
    raise Unavailable(party="s3", reason="conditional_request_conflict")
