"""Sign-in: from the answer of the sign-in pages to a session.

Delivered twice, the second answer finds its code used up, and signs nobody in.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from meterai.domain.sessions import Session, SessionKind, new_session
from meterai.domain.sign_in.flow import PendingSignIn, code_in
from meterai.domain.sign_in.id_token import check_id_token, claims_in, username_in
from meterai.domain.signed_tokens import TokenSigner
from meterai.ports.sign_in import SignInProvider


class SignInPorts(Protocol):
    @property
    def sign_in_provider(self) -> SignInProvider: ...
    @property
    def token_signer(self) -> TokenSigner: ...
    @property
    def now(self) -> datetime: ...


def sign_in(
    answer: Mapping[str, str],
    pending: PendingSignIn | None,
    kind: SessionKind,
    ports: SignInPorts,
) -> Session:
    """`answer`: the query with which the browser came back; `pending`: what this browser had begun;
    `kind`: of the sessions of those whom the provider knows. Raises SignInFailed, Unavailable."""
    provider, now = ports.sign_in_provider, ports.now
    # 1. Whether this browser asked for this answer.
    code = code_in(answer, pending)
    assert pending is not None, "a code belongs to a sign-in that was begun"
    # 2. The code, for an ID token from the issuer itself.
    tokens = provider.exchange(code, pending)
    # 3. Whether the ID token is for this sign-in, and whose.
    claims = claims_in(tokens.id_token)
    subject = check_id_token(
        claims,
        issuer=provider.issuer,
        client_id=provider.app.client_id,
        nonce=pending.nonce,
        access_token=tokens.access_token,
        now_s=now.timestamp(),
    )
    # 4. A session. The tokens are forgotten: the pages call no API in anybody's name.
    name = username_in(claims) if kind.has_name else ""
    return new_session(kind, subject, now, ports.token_signer, name=name)
