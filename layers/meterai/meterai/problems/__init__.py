"""Errors as people read them: one table from code to status, title and sentence.

Answers are RFC 9457 problems (`application/problem+json`): `type` is a stable URN with the code,
`detail` is a sentence in English, `detail_id` the same in Indonesian, and the values stand beside.
"""

from meterai.problems import documents, orders, refunds, requests, waiting
from meterai.problems.problem import Problem

CONTENT_TYPE = "application/problem+json"

PROBLEMS: dict[str, Problem] = {
    **requests.PROBLEMS,
    **orders.PROBLEMS,
    **waiting.PROBLEMS,
    **refunds.PROBLEMS,
    **documents.PROBLEMS,
}

__all__ = ["CONTENT_TYPE", "PROBLEMS", "Problem"]
