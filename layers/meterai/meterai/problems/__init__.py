"""Errors as people read them: one table from code to status, title and detail.

Answers are RFC 9457 problems (`application/problem+json`): `type` is a stable URN with the code,
`title` and `detail` are in the language of the answer, and the values stand beside them.
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
