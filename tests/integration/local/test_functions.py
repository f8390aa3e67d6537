"""Functions as processes: what they can see, how they end, how they are replaced."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.integration.local.asking import Call, eventually
from tests.local.account import LocalAccount
from tests.local.functions import Function, ThrottledError
from tests.local.lambda_process import has_landlock


def _about(call: Call) -> dict[str, Any]:
    about: dict[str, Any] = call("GET", "/open/about").json()
    return about


def test_an_instance_has_the_functions_environment_and_no_other_variables(
    call: Call, account: LocalAccount, sample: Path
) -> None:
    about = _about(call)
    environment = about["environment"]
    assert about["folder"] == str(sample / "functions/web")
    assert about["layer"] == "from the files layer"
    assert about["picture"] == "a picture"
    assert environment["TABLE"] == account.physical("Seen")
    assert environment["GREETING"] == "hello"
    assert environment["AWS_ENDPOINT_URL"] == account.endpoint_url
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "sample-WebFunction"
    assert environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"] == "128"
    assert environment["AWS_REGION"] == environment["AWS_DEFAULT_REGION"] == "ap-southeast-3"
    assert "HOME" not in environment


def test_an_instance_writes_in_tmp_alone(call: Call, sample: Path) -> None:
    if not has_landlock():
        pytest.skip("this kernel has no Landlock")
    if sample.is_relative_to("/tmp"):
        pytest.skip("this folder is below /tmp")
    assert call("GET", "/open/write").json() == [True, False]


def test_an_instance_is_used_again(call: Call) -> None:
    assert _about(call)["process"] == _about(call)["process"]


def test_an_instance_that_crashed_is_replaced(call: Call) -> None:
    before = _about(call)["process"]
    assert call("GET", "/open/exit").status == 500
    assert _about(call)["process"] != before


def test_a_function_that_takes_too_long_is_killed(
    call: Call, account: LocalAccount, sample: Path
) -> None:
    before = _about(call)["process"]
    outcome = account.invoke("WebFunction", b'{"rawPath": "/open/slow"}')
    assert outcome.error_type == "Sandbox.Timedout"
    assert b"Task timed out after 2.00 seconds" in outcome.payload
    assert _about(call)["process"] != before
    assert "Task timed out" in (sample / "logs/WebFunction.log").read_text(encoding="utf-8")


def test_a_changed_source_is_loaded_anew(call: Call, sample: Path) -> None:
    assert _about(call)["version"] == "one"
    source = sample / "functions/web/app.py"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace('VERSION = "one"', 'VERSION = "changed"'), encoding="utf-8")
    eventually(lambda: True if _about(call)["version"] == "changed" else None)
    source.write_text(text, encoding="utf-8")
    eventually(lambda: True if _about(call)["version"] == "one" else None)


def test_a_handler_that_cannot_be_loaded_says_so(account: LocalAccount, sample: Path) -> None:
    source = sample / "functions/tick/app.py"
    text = source.read_text(encoding="utf-8")
    source.write_text("import nothing_of_this_name\n", encoding="utf-8")
    account.functions.replace_instances()
    outcome = account.invoke("TickFunction", b"{}")
    source.write_text(text, encoding="utf-8")
    assert outcome.error_type == "Runtime.ImportModuleError"
    assert account.invoke("TickFunction", b"{}").error_type is None


def test_an_invocation_that_nobody_waits_for_any_longer_is_not_begun(
    account: LocalAccount, tmp_path: Path
) -> None:
    """Else dead requests hold the instances, while their clients send them again."""
    begun, go_on = threading.Event(), threading.Event()

    @contextmanager
    def until_told() -> Iterator[None]:
        begun.set()
        go_on.wait()
        yield

    spec = account.functions["WebFunction"].spec
    one = Function(spec, {}, tmp_path / "log", limit=1, niceness=0, shared=until_told())
    one.stop()  # no process is needed
    first = threading.Thread(target=one.invoke, args=(b"{}",))
    first.start()
    begun.wait()
    with pytest.raises(ThrottledError):
        one.invoke(b"{}", within_s=0.01)
    go_on.set()
    first.join()


def test_the_next_instance_is_killed_on_request_and_the_one_after_it_works(
    call: Call, account: LocalAccount
) -> None:
    function = account.functions["WebFunction"]
    _about(call)
    before = function.counts()
    function.crash_next()
    killed = account.invoke("WebFunction", b'{"rawPath": "/open/slow"}')
    assert killed.error_type == "Runtime.ExitError"
    _about(call)
    after = function.counts()
    assert (after.invoked, after.failed) == (before.invoked + 2, before.failed + 1)
    assert (after.instances, after.busy) == (1, 0)
