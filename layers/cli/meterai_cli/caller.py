"""Who runs a command: the caller's own identity at AWS, which nobody can choose."""

from typing import Any

from meterai.domain.operators import Operator


def caller(sts: Any) -> Operator:
    """Of a role, the name of its session is in the ARN: with IAM Identity Center, the person's."""
    identity = sts.get_caller_identity()
    return Operator(str(identity["UserId"]), str(identity["Arn"]))
