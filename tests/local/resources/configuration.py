"""Secrets and parameters, which functions read when they start."""

import json
from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType

# CloudFormation's names are GetRandomPassword's, except these two.
_TEMPLATE_KEYS = ("SecretStringTemplate", "GenerateStringKey")


def _create_secret(secret: Declaration) -> Created:
    client, wanted = secret.place.client("secretsmanager"), secret.properties
    request: dict[str, Any] = {
        name: wanted[name] for name in ("Description", "KmsKeyId") if name in wanted
    }
    if "GenerateSecretString" in wanted:
        request["SecretString"] = _generated(client, wanted["GenerateSecretString"])
    elif "SecretString" in wanted:
        request["SecretString"] = wanted["SecretString"]
    arn = client.create_secret(Name=secret.name("Name"), **request)["ARN"]
    return Created(ref=arn, attributes={"Id": arn})


def _generated(client: Any, wanted: dict[str, Any]) -> str:
    options = {key: value for key, value in wanted.items() if key not in _TEMPLATE_KEYS}
    password = str(client.get_random_password(**options)["RandomPassword"])
    if "GenerateStringKey" not in wanted:
        return password
    document = json.loads(wanted.get("SecretStringTemplate", "{}"))
    return json.dumps({**document, wanted["GenerateStringKey"]: password})


def _create_parameter(parameter: Declaration) -> Created:
    wanted, name = parameter.properties, parameter.name("Name")
    parameter.place.client("ssm").put_parameter(
        Name=name,
        Value=str(wanted["Value"]),
        Type=wanted["Type"],
        **{key: wanted[key] for key in ("AllowedPattern", "Description", "Tier") if key in wanted},
    )
    return Created(ref=name, attributes={"Type": wanted["Type"], "Value": str(wanted["Value"])})


TYPES = (
    ResourceType(
        name="AWS::SecretsManager::Secret",
        applied=frozenset(
            {"Description", "GenerateSecretString", "KmsKeyId", "Name", "SecretString"}
        ),
        accepted={"ReplicaRegions": "there is one Region here", "Tags": NO_BILLING},
        create=_create_secret,
    ),
    ResourceType(
        name="AWS::SecretsManager::ResourcePolicy",
        applied=frozenset(),
        accepted=dict.fromkeys(
            ("BlockPublicPolicy", "ResourcePolicy", "SecretId"), "nobody is refused here"
        ),
        create=lambda policy: Created(ref=policy.properties["SecretId"]),
    ),
    ResourceType(
        name="AWS::SSM::Parameter",
        applied=frozenset({"AllowedPattern", "Description", "Name", "Tier", "Type", "Value"}),
        accepted={"Tags": NO_BILLING},
        create=_create_parameter,
    ),
)
