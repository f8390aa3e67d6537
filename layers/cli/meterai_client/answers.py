"""Bodies of answers become the API's models.

`/v1` may add members to an answer and values to a list. A new member is ignored. A new value of an
enumeration is kept as the text that it is: it equals no member that this version knows.
"""

import json
import re
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

ModelT = TypeVar("ModelT", bound=BaseModel)
ENUMERATED = ("enum", "literal_error")
_FIRST = re.compile(r"'([^']*)'")  # of the values that an error lists


def read(model: type[ModelT], data: bytes | str) -> ModelT:
    """Raises ValueError: it is no such answer."""
    try:
        return model.model_validate_json(data)
    except ValidationError as error:
        new = [one for one in error.errors() if one["type"] in ENUMERATED]
        if len(new) < error.error_count():
            raise
    raw = json.loads(data)
    for one in new:
        _put(raw, one["loc"], _known(one["ctx"]["expected"]))
    answer = model.model_validate_json(json.dumps(raw))
    for one in new:
        _put(answer, one["loc"], one["input"])
    return answer


def _known(expected: str) -> str:
    found = _FIRST.search(expected)
    return found[1] if found else ""


def _put(holder: Any, place: tuple[int | str, ...], value: object) -> None:
    """In nested JSON, or in the models made from it, which are frozen."""
    *way, last = place
    for step in way:
        holder = getattr(holder, str(step)) if _is_model(holder) else holder[step]
    if _is_model(holder):
        object.__setattr__(holder, str(last), value)
    else:
        holder[last] = value


def _is_model(holder: Any) -> bool:
    return not isinstance(holder, dict | list)
