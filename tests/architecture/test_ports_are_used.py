"""A step's Protocol names exactly the ports that it uses; it decides what its function may do."""

import importlib
import inspect

import pytest

from tests.architecture.function_ports import members, ports_of_step, protocols
from tests.architecture.tree import PACKAGE

STEPS = sorted(path.stem for path in (PACKAGE / "steps").glob("*.py") if path.stem != "__init__")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_uses_every_port_that_it_names(step: str) -> None:
    module = importlib.import_module(f"meterai.steps.{step}")
    code = inspect.getsource(module)
    passed_on = {
        name
        for function in vars(module).values()
        if inspect.isfunction(function)
        and function.__module__ != module.__name__
        and function.__module__.startswith("meterai.steps.")
        for name in ports_of_step(function)
    }
    named = {name for protocol in protocols(module) for name in members(protocol)}
    assert named, "a step names its ports"
    assert {name for name in named if f"ports.{name}" not in code} <= passed_on
