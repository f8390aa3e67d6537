"""Invoked by other functions: opens one file that a stranger made, with no right to anything."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.domain.errors import DocumentMissing, DocumentRefused
from meterai.entrypoints.log import begin, logger
from meterai.inspections import read_question, write_answer, write_refusal
from meterai.steps.inspect import inspect


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    begin(context)
    file, question = read_question(event)
    # A line before the work: a crash and the end of the time leave none. Never the address.
    logger.append_keys(document=file.sha256, question=event["ask"])
    logger.info("asked")
    try:
        return write_answer(question, inspect(file, question, container))
    except (DocumentMissing, DocumentRefused) as refusal:
        return write_refusal(refusal)
    except Exception:  # an error of the function: those who asked try again, and an alarm counts it
        logger.exception("no answer")
        raise
