"""The resource types that can be created: one module for each service, one table for each type.

A handler gets a `Declaration` (properties resolved) and returns a `Created` (the values of `Ref`
and `GetAtt`). To handle another type, add it to its service's `TYPES`: name the properties that are
applied, and those that are accepted without effect, each with the reason.
"""

from tests.local.declaration import ResourceType
from tests.local.resources import (
    api,
    backup,
    cognito,
    configuration,
    dynamodb,
    iam,
    kms,
    network,
    observability,
    s3,
    serverless,
    sns,
    sqs,
)

RESOURCE_TYPES: dict[str, ResourceType] = {
    resource_type.name: resource_type
    for service in (
        api,
        backup,
        cognito,
        configuration,
        dynamodb,
        iam,
        kms,
        network,
        observability,
        s3,
        serverless,
        sns,
        sqs,
    )
    for resource_type in service.TYPES
}
