"""How Cognito refuses: it tells the program that asked, the app that sent a person, or them."""


class TokenRefused(Exception):
    """The answer to a program: an OAuth error as JSON (token-endpoint.html, "Examples of negative
    responses")."""

    def __init__(self, error: str, *, description: str | None = None, status: int = 400) -> None:
        super().__init__(error, description)
        self.body = {"error": error}
        if description is not None:
            self.body["error_description"] = description
        self.status = status


class SentBack(Exception):
    """The person returns to the app with an error (authorization-endpoint.html, "Examples of
    negative responses"). Only for a redirect address that the client registered."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class ShownToPerson(Exception):
    """An error page. Nobody is redirected to an address that the client did not register, or they
    could be sent anywhere (RFC 6749, 4.1.2.1).

    Cognito's page is /error: https://github.com/aws/aws-aspnet-cognito-identity-provider/issues/167
    """

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error
