"""Why nobody is signed in, and what helps."""


class SignInFailed(Exception):
    """The sentence is for the person at the app, or for who made it."""


class SignInNeeded(SignInFailed):
    """The session has ended: begin again. Nothing that was bought or uploaded is lost."""
