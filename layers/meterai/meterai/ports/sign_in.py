"""The party that signs people in. Not imported by the package: one function of many needs it."""

from dataclasses import dataclass, field
from typing import Protocol

from meterai.domain.sign_in.flow import App, PendingSignIn


@dataclass(frozen=True, slots=True)
class IssuedTokens:
    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


class SignInProvider(Protocol):
    @property
    def issuer(self) -> str: ...

    @property
    def app(self) -> App:
        """The pages, as the issuer knows them."""
        ...

    def address(self, pending: PendingSignIn, language: str) -> str:
        """Where the browser signs in."""
        ...

    def exchange(self, code: str, pending: PendingSignIn) -> IssuedTokens:
        """Once for each code. Raises SignInFailed where the code is refused, Unavailable where the
        issuer does not answer: then the code may be used up or not."""
        ...

    def sign_out_address(self) -> str:
        """Where the browser signs out, and returns from to the first page."""
        ...
