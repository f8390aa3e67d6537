"""E-mail addresses, which Cognito alone keeps."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, translate_aws_errors


@dataclass(frozen=True, slots=True)
class CognitoAddresses:
    """An account is the `sub` of a local user, which the pool takes for its name:
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
    """

    client: Any  # boto3's stubs for it are not installed
    user_pool_id: str

    def __call__(self, account: str) -> str | None:
        """One call. Raises Unavailable."""
        try:
            with translate_aws_errors("cognito"):
                user = self.client.admin_get_user(UserPoolId=self.user_pool_id, Username=account)
        except ClientError as failure:
            if code_of(failure) == "UserNotFoundException":
                return None
            raise
        found = {one["Name"]: one["Value"] for one in user["UserAttributes"]}
        is_proved = user["Enabled"] and found.get("email_verified") == "true"
        address: str | None = found.get("email") if is_proved else None
        return address
