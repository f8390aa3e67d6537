"""The keys of tokens in memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.token_keys import TokenKey
from tests.fakes.in_memory_state import InMemoryState, port_call

FIRST = TokenKey(datetime(1970, 1, 1, tzinfo=UTC), b"the first key of a stack")


@dataclass(frozen=True)
class MemoryTokenKeys:
    state: InMemoryState

    def held(self) -> Sequence[TokenKey]:
        """From memory, which cannot fail."""
        return self.state.token_keys or (FIRST,)

    def renew(self) -> None:
        """Nothing is remembered."""

    @port_call
    def stored(self) -> Sequence[TokenKey]:
        return self.held()

    @port_call
    def hold(self, keys: Sequence[TokenKey]) -> None:
        self.state.token_keys = tuple(keys)
        self.state.secrets_made += 1

    def new_secret(self) -> bytes:
        return f"secret {self.state.secrets_made}".encode()


def signer_of(keys: MemoryTokenKeys) -> TokenSigner:
    return TokenSigner(keys.held, keys.renew, lambda: keys.state.now)


def signer(secret: bytes = b"a secret", now: datetime = FIRST.signs_from) -> TokenSigner:
    """One key, for ever."""
    keys = (TokenKey(FIRST.signs_from, secret),)
    return TokenSigner(lambda: keys, lambda: None, lambda: now)
