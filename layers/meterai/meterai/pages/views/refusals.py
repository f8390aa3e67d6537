"""Why something was not done, on the page that asked for it."""

from meterai.domain.errors import MeteraiError
from meterai.pages.visits import Visit
from meterai.problems import PROBLEMS


def sentence(error: MeteraiError, visit: Visit) -> str:
    """As the API says it."""
    return PROBLEMS[error.code].sentence({"retry_after_s": 5, **error.values}, visit.language)
