"""The environment of an instance: its variables, and its layers under /opt."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from tests.local.errors import TemplateError
from tests.local.specs import FunctionSpec, LayerSpec

# boto3 needs credentials; these are valid nowhere.
FAKE_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
BYTECODE = Path(__file__).parents[2] / "out" / "local" / "bytecode"
_OPT = PurePosixPath("/opt")


def environment_of(
    function: FunctionSpec,
    layers: Mapping[str, LayerSpec],
    *,
    endpoint_url: str,
    lambda_url: str,
    mailbox_url: str,
    directory_url: str,
    region: str,
    signs_by_name: bool,
) -> dict[str, str]:
    """The variables of the function's instances: Lambda's, the template's, and no others."""
    own_layers = [_layer(function, arn, layers) for arn in function.layers]
    version = function.runtime.removeprefix("python")
    return {
        # the machine's, for the interpreter
        "PATH": os.environ.get("PATH", os.defpath),
        # Lambda's: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "_HANDLER": function.handler,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_python{version}",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": function.log_format,
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{function.name}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "local",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "LAMBDA_TASK_ROOT": str(function.code_folder),
        "PYTHONPATH": os.pathsep.join(
            str(folder)
            for folder in [function.code_folder, *(layer.python_folder for layer in own_layers)]
        ),
        # the account's
        # Layers are deployed with bytecode; here it is kept apart, since code is read-only.
        "PYTHONPYCACHEPREFIX": str(BYTECODE),
        **FAKE_CREDENTIALS,
        # So that a request shows its caller; ministack takes presigned addresses of one key alone.
        **({"AWS_ACCESS_KEY_ID": function.logical_id} if signs_by_name else {}),
        "AWS_SDK_UA_APP_ID": function.logical_id,  # in the user agent: `throttling.py`
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": endpoint_url,
        # These run here, not at the endpoint.
        "AWS_ENDPOINT_URL_LAMBDA": lambda_url,
        "AWS_ENDPOINT_URL_SESV2": mailbox_url,
        "AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER": directory_url,
        # the template's
        **{key: _below_opt(value, own_layers) for key, value in function.environment.items()},
    }


def _layer(function: FunctionSpec, arn: str, layers: Mapping[str, LayerSpec]) -> LayerSpec:
    if arn not in layers:
        raise TemplateError(f"{function.logical_id}: the layer {arn} is not of this template")
    return layers[arn]


def _below_opt(value: str, layers: Sequence[LayerSpec]) -> str:
    """A variable that names a file of a layer (`/opt/art/stamp.svg`) gets the path in the
    source."""
    path = PurePosixPath(value)
    if not path.is_relative_to(_OPT):
        return value
    inside = path.relative_to(_OPT)
    for layer in layers:
        if not inside.is_relative_to(layer.mount):
            continue
        source: Path = layer.folder / inside.relative_to(layer.mount)
        if source.exists():
            return str(source)
    return value
