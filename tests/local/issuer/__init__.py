"""The token issuer and sign-in pages that replace Cognito's.

It refuses what Cognito refuses. Pages of `docs.aws.amazon.com/cognito/latest/developerguide/` are
cited by their name alone.
"""
