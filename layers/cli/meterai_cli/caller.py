"""Who runs a command: the caller's own identity at AWS, which nobody can choose."""

from typing import Any

from meterai.domain.operators import Operator
from meterai.ports import AuditTrail


def caller(sts: Any) -> Operator:
    """Of a role, the name of its session is in the ARN: with IAM Identity Center, the person's."""
    identity = sts.get_caller_identity()
    return Operator(str(identity["UserId"]), str(identity["Arn"]))


def audited(bucket: str) -> tuple[Operator, AuditTrail]:
    """And where what they do is recorded first."""
    import boto3

    from meterai.aws import clients
    from meterai.aws.storage.audit_trail import S3AuditTrail

    return caller(boto3.client("sts")), S3AuditTrail(clients.s3(), bucket)
