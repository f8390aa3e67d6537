"""SES, of which functions here use one call: mails are caught and kept, and go nowhere.

It refuses what SES refuses. https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
"""

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from werkzeug.wrappers import Request, Response

from tests.local.used_rights import AwsRequest, Right

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageHeader.html
_HEADER_NAME = re.compile(r"[!-9;-@A-~]{1,126}")
_HEADER_VALUE = re.compile(r"[ -~]{1,870}")
# https://docs.aws.amazon.com/ses/latest/dg/header-fields.html: these may not come twice; of all
# that are listed there, the ones that are sent here.
_ONCE = {"auto-submitted", "list-unsubscribe", "list-unsubscribe-post", "from", "subject"}
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
_MAX_RECIPIENTS = 50
_MAX_BYTES = 40 * 1024 * 1024
_ADDRESS = re.compile(
    r"[!-?A-~]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"
)  # ASCII, as API_Destination says


@dataclass(frozen=True)
class CaughtMail:
    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    html: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class _RefusedError(Exception):
    code: str
    message: str


@dataclass
class Mailbox:
    """A WSGI application. `identity_arn`: the one verified identity; empty: there is none. The
    account is out of SES's sandbox, so anybody may be written to."""

    identity_arn: str
    mails: list[CaughtMail] = field(default_factory=list)
    used: set[Right] = field(default_factory=set)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        caller = AwsRequest(environ, b"").caller
        if caller is not None:
            self.used.add(Right(caller[0], "ses:SendEmail", self.identity_arn))
        try:
            answer = self._answer(request)
        except _RefusedError as refused:
            answer = Response(
                json.dumps({"message": refused.message}),
                status=400,
                headers={"x-amzn-ErrorType": refused.code},
                content_type="application/json",
            )
        return answer(environ, start_response)

    def to(self, address: str) -> list[CaughtMail]:
        """Oldest first."""
        return [mail for mail in self.mails if mail.to == address]

    def _answer(self, request: Request) -> Response:
        if (request.method, request.path) != ("POST", "/v2/email/outbound-emails"):
            raise _RefusedError("UnknownOperationException", request.path)
        asked: dict[str, Any] = json.loads(request.get_data())
        content = asked.get("Content", {})
        if set(content) != {"Simple"}:
            raise _RefusedError("BadRequestException", "the local mailbox reads Simple messages")
        self._check_sender(asked.get("FromEmailAddress", ""))
        recipients = _recipients(asked.get("Destination", {}))
        message = content["Simple"]
        headers = _headers(message.get("Headers", ()))
        if len(request.get_data()) > _MAX_BYTES:
            raise _RefusedError(
                "MessageRejected", f"Message length is more than {_MAX_BYTES} bytes long"
            )
        body = {kind: part["Data"] for kind, part in message["Body"].items()}
        for to in recipients:
            self.mails.append(
                CaughtMail(
                    at=datetime.now(UTC),
                    sender=asked["FromEmailAddress"],
                    to=to,
                    subject=message["Subject"]["Data"],
                    text=body.get("Text", ""),
                    html=body.get("Html", ""),
                    headers=headers,
                )
            )
        return Response(json.dumps({"MessageId": str(uuid.uuid4())}), mimetype="application/json")

    def _check_sender(self, sender: str) -> None:
        """An address, or any address of a domain, that was verified:
        https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-error-messages.html"""
        address = parseaddr(sender)[1]
        identity = self.identity_arn.partition("identity/")[2]
        if not identity or identity not in (address, address.partition("@")[2]):
            raise _RefusedError(
                "MessageRejected",
                "Email address is not verified. The following identities failed the check in "
                f"region AP-SOUTHEAST-3: {sender}",
            )


def _recipients(destination: Mapping[str, list[str]]) -> list[str]:
    addresses = [one for many in destination.values() for one in many]
    if not 0 < len(addresses) <= _MAX_RECIPIENTS:
        raise _RefusedError("BadRequestException", f"Recipient count is {len(addresses)}")
    for address in addresses:
        if _ADDRESS.fullmatch(address) is None:
            raise _RefusedError("BadRequestException", "Invalid email address")
    return addresses


def _headers(given: Iterable[Mapping[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in given:
        name, value = one["Name"], one["Value"]
        if _HEADER_NAME.fullmatch(name) is None or _HEADER_VALUE.fullmatch(value) is None:
            raise _RefusedError("BadRequestException", f"Invalid header: {name}")
        if name in found and name.lower() in _ONCE:
            raise _RefusedError("BadRequestException", f"Duplicate header: {name}")
        found[name] = value
    return found
