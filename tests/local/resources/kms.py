"""KMS keys and aliases."""

import json
from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType


def _create_key(key: Declaration) -> Created:
    """Uses CreateKey with the properties, because moto's CloudFormation ignores `KeySpec`."""
    kms, wanted = key.place.client("kms"), key.properties
    request: dict[str, Any] = {
        name: wanted[name]
        for name in ("Description", "KeySpec", "KeyUsage", "MultiRegion")
        if name in wanted
    }
    if "KeyPolicy" in wanted:
        request["Policy"] = json.dumps(wanted["KeyPolicy"])
    metadata = kms.create_key(**request)["KeyMetadata"]
    if wanted.get("EnableKeyRotation"):
        kms.enable_key_rotation(KeyId=metadata["KeyId"])
    if wanted.get("Enabled", True) is False:
        kms.disable_key(KeyId=metadata["KeyId"])
    return Created(
        ref=metadata["KeyId"], attributes={"Arn": metadata["Arn"], "KeyId": metadata["KeyId"]}
    )


def _create_alias(alias: Declaration) -> Created:
    name = alias.properties["AliasName"]
    alias.place.client("kms").create_alias(
        AliasName=name, TargetKeyId=alias.properties["TargetKeyId"]
    )
    return Created(ref=name, attributes={"Arn": alias.place.arn("kms", name)})


TYPES = (
    ResourceType(
        name="AWS::KMS::Key",
        applied=frozenset(
            {
                "Description",
                "Enabled",
                "EnableKeyRotation",
                "KeyPolicy",
                "KeySpec",
                "KeyUsage",
                "MultiRegion",
            }
        ),
        accepted={
            "PendingWindowInDays": "applies to a deleted stack; nothing outlives this account",
            "RotationPeriodInDays": "no local account lives long enough to rotate",
            "Tags": NO_BILLING,
        },
        create=_create_key,
    ),
    ResourceType(
        name="AWS::KMS::Alias",
        applied=frozenset({"AliasName", "TargetKeyId"}),
        accepted={},
        create=_create_alias,
    ),
)
