"""S3 says that an object is missing only to those who may list its bucket; all others get 403.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html

Of a condition on `s3:prefix` the object's key is the prefix. AWS does not document that; Ceph found
it so (https://github.com/ceph/ceph/pull/68577).
"""

from collections.abc import Iterable, Mapping

from tests.local.policies import Access, Statement, allows
from tests.local.specs import FunctionSpec, RoleSpec


class Listing:
    """Which functions may list which keys, by the statements of their roles."""

    def __init__(self, functions: Iterable[FunctionSpec], roles: Iterable[RoleSpec]) -> None:
        statements = {role.arn: role.statements for role in roles}
        self._by_caller: Mapping[str, Iterable[Statement]] = {
            one.logical_id: statements.get(one.role, ()) for one in functions
        }

    def allowed(self, caller: str, bucket: str, key: str) -> bool:
        """Who is no function is the account's owner, and may."""
        if caller not in self._by_caller:
            return True
        wanted = Access("s3:ListBucket", f"arn:aws:s3:::{bucket}", context={"s3:prefix": key})
        return allows(self._by_caller[caller], wanted)
