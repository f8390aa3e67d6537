"""A step has the same name in five places; each function has its own role, log group and
settings."""

from datetime import timedelta

import pytest

from meterai.settings import Settings
from tests.integration.template.declared import (
    ROOT,
    TEMPLATE,
    Function,
    default_of,
    functions,
    of_type,
    text,
)

FUNCTIONS = functions()
SHOW_PAGES = {"pages", "check_pages", "read_receipt", "sign_in", "operator_pages"}
UNZIPPED_LIMIT_BYTES = 262_144_000  # function and layers together, 250 MB

every_function = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=FUNCTIONS)


def camel(folder: str) -> str:
    return "".join(word.capitalize() for word in folder.split("_"))


def test_every_folder_is_a_function_of_its_name_and_the_reverse() -> None:
    folders = {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}
    declared = {f.logical_id: f.properties["CodeUri"] for f in FUNCTIONS.values()}
    assert declared == {f"{camel(folder)}Function": f"functions/{folder}" for folder in folders}


@every_function
def test_every_function_has_a_sample_event(function: Function) -> None:
    assert (ROOT / "events" / f"{function.folder}.json").is_file()


def test_the_handler_and_the_runtime_are_declared_once() -> None:
    assert TEMPLATE.globals["Function"]["Handler"] == "app.handler"
    assert TEMPLATE.globals["Function"]["Runtime"] == "python3.13"
    own = [resource.properties for resource in of_type("AWS::Serverless::Function").values()]
    assert [p for p in own if {"Handler", "Runtime", "Architectures"} & set(p)] == []


def test_only_functions_that_show_pages_or_mail_have_settings_of_their_own() -> None:
    """Of the sign-in pages, the bucket and SES, for which no other function should wait."""
    own = {folder: own_variables(function) for folder, function in FUNCTIONS.items()}
    assert {folder for folder, variables in own.items() if variables} == SHOW_PAGES | {
        "send_notification"
    }
    assert set().union(*own.values()) <= {name.upper() for name in Settings.model_fields}


def own_variables(function: Function) -> set[str]:
    """Besides those of all functions, of which `inspect` leaves one empty."""
    declared = TEMPLATE.resources[function.logical_id].properties.get("Environment", {})
    return set(declared.get("Variables", {})) - set(
        TEMPLATE.globals["Function"]["Environment"]["Variables"]
    )


def test_the_environment_has_exactly_the_settings() -> None:
    variables = set(TEMPLATE.globals["Function"]["Environment"]["Variables"])
    variables = variables.union(*map(own_variables, FUNCTIONS.values()))
    settings = {name.upper() for name in Settings.model_fields}
    assert variables == settings | {
        "POWERTOOLS_SERVICE_NAME",
        "POWERTOOLS_METRICS_NAMESPACE",
        "LOG_LEVEL",
        "RELEASE",
        "EDGE_KEY_HASHES",  # read by the entry point, before any port
    }


def test_the_default_settings_are_valid() -> None:
    variables = TEMPLATE.globals["Function"]["Environment"]["Variables"]
    values = {name.lower(): _default(value) for name, value in variables.items()}
    assert Settings.model_validate(values).portals == ("sscasn",)


def test_admission_waits_for_payments_for_as_long_as_orders_last() -> None:
    variables = TEMPLATE.globals["Function"]["Environment"]["Variables"]
    values = {name.lower(): _default(value) for name, value in variables.items()}
    settings = Settings.model_validate(values | {"order_expires_s": "3600"})
    assert settings.admission_policy.order_lasts == timedelta(hours=1)


def _default(value: object) -> str:
    parameter = TEMPLATE.parameters.get(text(value), {})
    return str(parameter.get("Default", text(value)))


@every_function
def test_every_function_has_a_role_and_a_log_group_of_its_own(function: Function) -> None:
    name = camel(function.folder)
    assert text(function.properties["Role"]) == f"{name}Role.Arn"
    assert text(function.properties["LoggingConfig"]["LogGroup"]) == f"{name}Logs"
    trusted = TEMPLATE.resources[f"{name}Role"].properties["AssumeRolePolicyDocument"]["Statement"]
    assert trusted == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    ]
    logs = TEMPLATE.resources[f"{name}Logs"].properties
    assert text(logs["LogGroupName"]) == f"/AWS::StackName/{function.folder}"
    assert text(logs["RetentionInDays"]) == "LogDays"


def test_a_claim_lasts_longer_than_its_worker_runs() -> None:
    variables = TEMPLATE.globals["Function"]["Environment"]["Variables"]
    assert variables["STAMPING_CLAIM_S"] == 2 * FUNCTIONS["stamp"].timeout_s


@every_function
def test_a_function_behind_the_api_ends_before_the_api_times_out(function: Function) -> None:
    if function.events("HttpApi"):
        assert function.timeout_s < 30


def test_a_sweep_ends_before_the_next_begins() -> None:
    sweep = FUNCTIONS["sweep"]
    assert sweep.events("Schedule") == [{"Schedule": "rate(1 minute)"}]
    assert sweep.timeout_s < 60
    assert sweep.properties["ReservedConcurrentExecutions"] == 1


def test_each_second_of_every_minute_is_measured() -> None:
    """A run continues where the one before ended, and may still overlap it."""
    measure = FUNCTIONS["publish_load_snapshot"]
    measures_for_s = default_of("LoadSnapshotRunS")
    assert measure.events("Schedule") == [{"Schedule": "rate(1 minute)"}]
    assert 50 < measures_for_s < 60 < measure.timeout_s
    assert measure.properties["ReservedConcurrentExecutions"] == 2


@pytest.mark.skipif(
    not (ROOT / ".aws-sam" / "build" / "MeteraiLayer").is_dir(), reason="`sam build` has not run"
)
def test_built_functions_with_their_layers_fit_lambda() -> None:
    sizes = {function.folder: unzipped_bytes(function) for function in FUNCTIONS.values()}
    assert {name: size for name, size in sizes.items() if size > UNZIPPED_LIMIT_BYTES} == {}


def unzipped_bytes(function: Function) -> int:
    build = ROOT / ".aws-sam" / "build"
    # A layer that a parameter may replace is written `ArtworkLayer|ArtworkLayerArn`.
    layers = [layer.split("|")[0] for layer in function.layers]
    parts = [build / name for name in (function.logical_id, *layers)]
    files = [path for part in parts for path in part.rglob("*") if path.is_file()]
    return sum(path.stat().st_size for path in files)
