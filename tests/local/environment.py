"""The whole system on one machine: the account, the payment gateway's simulator, and a certificate
authority with its timestamp server. Used by `make demo`, `make serve` and the end-to-end tests."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import urllib3

from meterai.gateways.names import GatewayName
from meterai_cli.gateway_keys import set_gateway_keys
from tests.applicant.client import Applicant
from tests.local.account import LocalAccount
from tests.local.addresses import Addresses
from tests.local.authority import LocalAuthority
from tests.local.gateway import gateway_at, keys_of, parameters_of
from tests.local.signing_setup import SIGNING_MANIFEST_OBJECT, set_up_signing
from tests.midtrans.gateway import GatewaySimulator
from tests.portal.inbox import PortalInbox

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
PUBLIC_HOST = "meterai.example"  # RFC 2606; on this machine the local API serves its addresses
PORTAL = "sscasn"
PHONE_RETURN = "example.meterai.pelamar:/signed-in"  # RFC 8252, 7.1: a domain name, reversed
Profile = Literal["trial", "production"]
PUBLIC = {  # what the template's rules ask of a production
    "PublicCertificateArn": "arn:aws:acm:ap-southeast-3:123456789012:certificate/of-the-host",
    "SesIdentityArn": "arn:aws:ses:ap-southeast-3:123456789012:identity/meterai.example",
    "SignInCallbacks": f"https://pages.meterai.example/,{PHONE_RETURN}",
}


@dataclass(frozen=True, slots=True)
class Environment:
    account: LocalAccount
    gateway: GatewaySimulator
    authority: LocalAuthority

    @property
    def root_certificate(self) -> bytes:
        """DER: the root that a verifier of the system's signatures trusts."""
        return self.authority.root

    def set_up_signing(self, key: str = "SigningKeyId") -> None:
        """Installs a certificate for the key that this output names; from then on it signs."""
        _set_up_signing(self.account, self.authority, key)

    def token(self, client: str = "ApplicantClient", username: str = "sri@example.id") -> str:
        """A token for anybody, without the sign-in that `tests/e2e/test_sign_in.py` does."""
        answer = urllib3.request(
            "POST",
            f"{self.account.issuer_url}/only-here/token",
            body=urlencode(
                {"client_id": self.account.attribute(client, "ClientId"), "username": username}
            ),
            headers={"content-type": "application/x-www-form-urlencoded"},
            retries=False,
        )
        token: str = answer.json()["access_token"]
        return token

    def operator(self, name: str) -> Applicant:
        """Calls the API as this operator."""
        return Applicant(self.account.api_url, self.token("OperatorClient", name))

    def local_address(self, public_address: str) -> str:
        """The local address that serves the address in a QR code."""
        path = public_address.partition("//")[2].partition("/")[2]
        return f"{self.account.api_url}/{path}"

    def portal_inbox(self) -> PortalInbox:
        return PortalInbox(
            self.account.client("sns"),
            self.account.client("sqs"),
            self.account.outputs["PortalTopicArn"],
            PORTAL,
        )


@contextmanager
def local_environment(
    *,
    gateway: GatewayName = "midtrans",
    gateway_port: int = 0,
    webhook_senders: int = 1,
    page_origin: str = "https://pages.meterai.example",
    profile: Profile = "production",
    more_parameters: Mapping[str, str] | None = None,
    **options: Any,
) -> Iterator[Environment]:
    """`webhook_senders`: how many of the gateway's webhooks are sent at once, at most.
    `page_origin` may call the API from a browser. `profile` and `more_parameters` are the
    template's. `options` are LocalAccount's."""
    with ExitStack() as stack:
        simulator = stack.enter_context(gateway_at(gateway_port, gateway, senders=webhook_senders))
        authority = stack.enter_context(LocalAuthority())

        def parameters(addresses: Addresses) -> dict[str, str]:
            return {
                "Profile": profile,
                "PublicHost": PUBLIC_HOST,
                "PagesUrl": addresses.api_url,
                "PortalName": PORTAL,
                **parameters_of(gateway, simulator.url),
                "CorsOrigins": page_origin,
                **(PUBLIC if profile == "production" else {}),
                "SigningManifestObject": SIGNING_MANIFEST_OBJECT,
                "TimestampUrls": authority.timestamp_url,
                **(more_parameters or {}),
            }

        def set_up(made: LocalAccount) -> None:
            secret_arn = made.outputs["GatewaySecretArn"]
            set_gateway_keys(made.client("secretsmanager"), secret_arn, keys_of(gateway))
            _set_up_signing(made, authority, "SigningKeyId")

        account = stack.enter_context(
            LocalAccount.start(TEMPLATE, parameters, before_start_functions=set_up, **options)
        )
        simulator.webhook_url = f"{account.api_url}/v1/webhooks/{gateway}"
        yield Environment(account, simulator, authority)


def _set_up_signing(account: LocalAccount, authority: LocalAuthority, key: str) -> None:
    set_up_signing(
        account.outputs[key],
        authority,
        kms=account.client("kms"),
        s3=account.client("s3"),
        bucket=account.outputs["DocumentsBucketName"],
    )
