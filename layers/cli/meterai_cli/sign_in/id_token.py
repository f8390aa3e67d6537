"""Who signed in. An app checks the ID token's signature as well: it may have got the token from
anywhere."""

from collections.abc import Callable

from joserfc import jwt
from joserfc.errors import JoseError

from meterai.domain.sign_in import flow, id_token
from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.sign_in.provider import Provider


def check_id_token(
    token: str,
    provider: Provider,
    *,
    client_id: str,
    nonce: str,
    access_token: str,
    now: Callable[[], float],
) -> str:
    """The person's `sub`. Raises SignInFailed."""
    try:
        claims = jwt.decode(token, provider.keys, algorithms=["RS256"]).claims
        return id_token.check_id_token(
            claims,
            issuer=provider.issuer,
            client_id=client_id,
            nonce=nonce,
            access_token=access_token,
            now_s=now(),
        )
    except (JoseError, ValueError, flow.SignInFailed) as wrong:
        raise SignInFailed(f"The issuer's ID token is not for this sign-in: {wrong}") from wrong
