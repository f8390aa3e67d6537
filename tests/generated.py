"""How tests with generated examples run.

By default the examples are the same in every run, so a result does not depend on luck, and no test
has a deadline. `make fuzz` explores: random examples, and many more of them.
"""

from collections.abc import Collection

from hypothesis import HealthCheck, settings

FUZZ_FACTOR = 20
EXAMPLES = 100


def register_profiles() -> None:
    """Called by `tests/conftest.py`, before any test module is imported."""
    settings.register_profile("same", max_examples=EXAMPLES, derandomize=True, deadline=None)
    settings.register_profile("fuzz", max_examples=FUZZ_FACTOR * EXAMPLES, deadline=None)
    settings.load_profile("same")


def examples(count: int, *, suppress: Collection[HealthCheck] = ()) -> settings:
    """So many examples, and `FUZZ_FACTOR` times as many where they are random."""
    default = settings()
    factor = 1 if default.derandomize else FUZZ_FACTOR
    return settings(default, max_examples=factor * count, suppress_health_check=list(suppress))
