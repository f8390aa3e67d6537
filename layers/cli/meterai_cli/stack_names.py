"""The physical names of a deployed stack's resources."""

from collections.abc import Mapping
from typing import Any


def names_of(cloudformation: Any, stack: str) -> Mapping[str, str]:
    """By their names in the template."""
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack)
    return {
        one["LogicalResourceId"]: one["PhysicalResourceId"]
        for page in pages
        for one in page["StackResourceSummaries"]
        if "PhysicalResourceId" in one
    }
