"""Mails by SES.

https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import logging
from dataclasses import dataclass
from email.utils import formataddr
from typing import Any

from botocore.exceptions import ClientError

from meterai.aws.errors import code_of, translate_aws_errors
from meterai.domain.errors import Unavailable
from meterai.domain.notifications.mails import Mail

NAME = "Meterai"
UTF_8 = "UTF-8"
# Of this mail alone. `MessageRejected` concerns all: so SES refuses a sender that is not verified.
# https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html
NEVER_SENT = "BadRequestException"

logger = logging.getLogger(__name__)


def sender_of(identity_arn: str) -> str:
    """The address of the identity, or one of the domain that it is."""
    identity = identity_arn.partition("identity/")[2]
    return identity if "@" in identity else f"no-reply@{identity}"


@dataclass(frozen=True, slots=True)
class SesMailer:
    client: Any  # boto3's stubs for it are not installed
    identity_arn: str

    def __call__(self, address: str, mail: Mail) -> str | None:
        """One call. RFC 8058: both headers, and an address that takes a POST. The log has no
        address: what SES says about a mail may have one, so its code alone is kept. Raises
        Unavailable."""
        try:
            with translate_aws_errors("ses"):
                answer = self.client.send_email(
                    FromEmailAddress=formataddr((NAME, sender_of(self.identity_arn))),
                    Destination={"ToAddresses": [address]},
                    Content={
                        "Simple": {
                            "Subject": {"Data": mail.subject, "Charset": UTF_8},
                            "Body": {
                                "Text": {"Data": mail.text, "Charset": UTF_8},
                                "Html": {"Data": mail.html, "Charset": UTF_8},
                            },
                            "Headers": [
                                {"Name": "List-Unsubscribe", "Value": f"<{mail.stop_url}>"},
                                {
                                    "Name": "List-Unsubscribe-Post",
                                    "Value": "List-Unsubscribe=One-Click",
                                },
                                {"Name": "Auto-Submitted", "Value": "auto-generated"},
                            ],
                        }
                    },
                )
        except ClientError as failure:
            if code_of(failure) != NEVER_SENT:
                raise Unavailable(party="ses", reason=code_of(failure)) from None
            logger.warning("SES refuses a mail", extra={"reason": code_of(failure)})
            return None
        message_id: str = answer["MessageId"]
        return message_id
