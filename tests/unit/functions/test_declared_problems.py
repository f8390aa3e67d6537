"""Each problem that a route declares is answered in some test. The fixture `memory_app` checks the
other direction for every response: an answered problem is declared.

These tests run after all others of this folder, in the same process, and need all of them.
"""

import pytest

from tests.unit.functions.declared import declared
from tests.unit.functions.description import ANSWERED
from tests.unit.functions.function_app import HTTP_FUNCTIONS


@pytest.mark.parametrize("function", HTTP_FUNCTIONS)
def test_each_declared_problem_is_answered_in_a_test(function: str) -> None:
    never = declared(function) - ANSWERED[function]
    assert not never, f"no test gets {sorted(never)} from functions/{function}"
