"""The local addresses that replace AWS's."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Addresses:
    """Known before anything is created, since the sockets are bound first."""

    endpoint_url: str  # the AWS APIs
    api_url: str  # the HTTP API
    issuer_url: str  # the token issuer, in Cognito's place

    def readdress(self, text: str) -> str:
        """Replace the AWS addresses that a template composes by the local ones.

        A template can only write the issuer of a user pool as
        `https://cognito-idp.${AWS::Region}.amazonaws.com/${UserPool}`. It must become the local
        issuer, or no token would be accepted. The pool's own domain and the HTTP API are replaced
        in the same way.
        """
        for pattern, local in (
            (r"https://cognito-idp\.[a-z0-9-]+\.amazonaws\.com/[\w-]+", self.issuer_url),
            (r"https://[a-z0-9-]+\.auth\.[a-z0-9-]+\.amazoncognito\.com", self.issuer_url),
            (r"https://[a-z0-9.-]+\.s3\.[a-z0-9-]+\.amazonaws\.com", self.endpoint_url),
            (r"https://[a-z0-9]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com", self.api_url),
        ):
            text = re.sub(pattern, local, text)
        return text
