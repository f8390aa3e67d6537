"""The log: one JSON object a line. The steps' own loggers are children of this one."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

logger = Logger(service="meterai")


def begin(context: LambdaContext) -> None:
    """Every line from here on names the invocation it belongs to."""
    logger.append_keys(request_id=context.aws_request_id)
