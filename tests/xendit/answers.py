"""An answer of Xendit's: HTTP's own status, and in an error body an `error_code`."""

from dataclasses import dataclass

from tests.xendit import bodies
from tests.xendit.bodies import Body


@dataclass(frozen=True, slots=True)
class Answer:
    http_status: int
    body: Body


def refused(http_status: int, error_code: str, message: str) -> Answer:
    return Answer(http_status, bodies.error(error_code, message))
