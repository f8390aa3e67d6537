"""A browser without script, signed in as a customer, in front of the pages of what is theirs."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from meterai.aws.keys.token_keys import SecretTokenKeys
from meterai.domain.sessions import APPLICANTS, new_session
from meterai.domain.signed_tokens import TokenSigner
from meterai.pages.areas import OF_APPLICANTS
from tests.applicant.client import Applicant, Page
from tests.applicant.forms import own_form
from tests.applicant.web_pages import words_of
from tests.e2e.customer import Customer


@dataclass(frozen=True)
class OwnPages:
    """The session is made here; `tests/e2e/test_sign_in.py` signs in."""

    anybody: Applicant
    cookie: str

    @classmethod
    def of(cls, customer: Customer) -> "OwnPages":
        account = customer.environment.account
        secret = account.physical("TokenSecret")
        keys = SecretTokenKeys(account.client("secretsmanager"), secret).stored()
        signer = TokenSigner(lambda: keys, lambda: None, lambda: datetime.now(UTC))
        session = new_session(APPLICANTS, customer.subject, datetime.now(UTC), signer)
        return cls(
            Applicant(account.api_url, token=None), f"{OF_APPLICANTS.session_cookie}={session.text}"
        )

    def get(self, path: str) -> Page:
        return self.anybody.ask("GET", path, headers={"cookie": self.cookie})

    def text(self, path: str) -> str:
        page = self.get(path)
        assert page.status == 200, page.content.decode()
        return words_of(page.content.decode())

    def send(self, path: str, **typed: str) -> str:
        """Where the form of this page leads."""
        answer = self.press(path, **typed)
        assert answer.status == 303, answer.content.decode()
        return answer.headers["location"]

    def press(self, path: str, **typed: str) -> Page:
        """What answers the form of this page, with its hidden fields."""
        address = path.partition("?")[0]
        form = own_form(self.get(path).content.decode(), address)
        return self.post(address, **(form.fields | typed))

    def post(self, path: str, **fields: str) -> Page:
        return self.anybody.ask(
            "POST",
            path,
            urlencode(fields).encode(),
            headers={
                "cookie": self.cookie,
                "content-type": "application/x-www-form-urlencoded",
                "sec-fetch-site": "same-origin",
            },
        )
