"""The local mailbox takes the mails that are sent here, and refuses what SES refuses."""

from collections.abc import Iterator
from traceback import format_exception
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from meterai.aws.notifications.addresses import CognitoAddresses
from meterai.aws.notifications.mailer import SesMailer, sender_of
from meterai.domain.errors import Unavailable
from meterai.domain.notifications.mails import Mail
from tests.local.issuer.directory import Directory
from tests.local.loopback import LoopbackServer
from tests.local.mailbox import Mailbox
from tests.local.used_rights import Right

ARN = "arn:aws:ses:ap-southeast-3:123456789012:identity/meterai.example"
STOP = "https://p.example/berhenti/T"
MAIL = Mail("Dokumen Anda sudah bermeterai ✓", "teks", "<p>teks</p>", STOP)
PEOPLE = {
    "a-sub": {
        "sub": "a-sub",
        "username": "a-sub",
        "email": "sri@example.id",
        "email_verified": "true",
    },
    "unproved": {"sub": "unproved", "username": "unproved", "email": "x@example.id"},
}


def client(service: str, url: str) -> Any:
    return boto3.client(
        service,  # type: ignore[call-overload]
        endpoint_url=url,
        region_name="ap-southeast-3",
        aws_access_key_id="SendNotificationFunction",
        aws_secret_access_key="testing",
    )


@pytest.fixture
def served() -> Iterator[tuple[Mailbox, Any]]:
    server, mailbox = LoopbackServer(), Mailbox(ARN)
    server.start(mailbox)
    yield mailbox, client("sesv2", server.url)
    server.stop()


def test_a_mail_arrives_with_what_stops_it(served: tuple[Mailbox, Any]) -> None:
    mailbox, ses = served
    assert SesMailer(ses, ARN)("sri@example.id", MAIL)
    (caught,) = mailbox.to("sri@example.id")
    assert (caught.sender, caught.subject) == ("Meterai <no-reply@meterai.example>", MAIL.subject)
    assert (caught.text, caught.html) == (MAIL.text, MAIL.html)
    assert caught.headers == {  # RFC 8058, 3.1
        "List-Unsubscribe": f"<{STOP}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
    assert mailbox.used == {Right("SendNotificationFunction", "ses:SendEmail", ARN)}


def test_an_identity_that_is_an_address_is_the_sender() -> None:
    assert sender_of("arn:aws:ses:ap-southeast-3:1:identity/kabar@meterai.example") == (
        "kabar@meterai.example"
    )


def test_a_sender_that_is_not_verified_is_tried_again_and_no_address_is_logged(
    served: tuple[Mailbox, Any],
) -> None:
    mailbox, ses = served
    with pytest.raises(Unavailable) as failure:
        SesMailer(ses, ARN.replace("meterai", "other"))("sri@example.id", MAIL)
    assert failure.value.values == {"party": "ses", "reason": "MessageRejected"}
    assert "no-reply@" not in "".join(format_exception(failure.value))
    assert not mailbox.mails


@pytest.mark.parametrize(
    ("address", "stop_url"),
    [
        ("no address", MAIL.stop_url),
        ("sri@example.id", "https://p.example/\nBcc: x"),
        ("sri@example.id", "https://p.example/" + 860 * "a"),
    ],
    ids=["address", "line in a header", "header too long"],
)
def test_what_ses_refuses_is_refused(
    served: tuple[Mailbox, Any], address: str, stop_url: str
) -> None:
    mailbox, ses = served
    mail = Mail(MAIL.subject, MAIL.text, MAIL.html, stop_url)
    assert SesMailer(ses, ARN)(address, mail) is None
    assert not mailbox.mails


def test_the_address_is_that_which_its_owner_proved() -> None:
    server, directory = LoopbackServer(), Directory("pool_1", PEOPLE.__getitem__)
    server.start(directory)
    cognito = client("cognito-idp", server.url)
    try:
        address_of = CognitoAddresses(cognito, "pool_1")
        found = [address_of(name) for name in ("a-sub", "unproved", "nobody")]
        assert found == ["sri@example.id", None, None]
        with pytest.raises(ClientError, match="ResourceNotFoundException"):
            CognitoAddresses(cognito, "another")("a-sub")
    finally:
        server.stop()
    assert directory.used >= {
        Right("SendNotificationFunction", "cognito-idp:AdminGetUser", "pool_1")
    }
