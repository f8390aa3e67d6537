"""The user pool's sign-in pages, as `container.py` hands them out."""

from meterai.aws.cognito import CognitoSignIn
from meterai.domain.sign_in.flow import App
from meterai.settings import Settings


def sign_in_provider(settings: Settings) -> CognitoSignIn:
    """An ID token is all that the pages need. Its address of return, and that after signing out,
    are registered in template.yaml, at the client of the function's user pool."""
    pages, below = settings.pages_url, settings.sign_in_below
    return CognitoSignIn(
        origin=settings.sign_in_origin,
        issuer=settings.sign_in_issuer,
        app=App(settings.sign_in_client_id, f"{pages}{below}/masuk/kembali", scopes=("openid",)),
        first_page=f"{pages}{below or '/'}",
    )
