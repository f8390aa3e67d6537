"""The clients of the template's user pools, as Cognito would have them."""

from dataclasses import replace

from tests.local.errors import ResourceCreationError
from tests.local.issuer.authorization import SYSTEM_SCOPES
from tests.local.specs import (
    ClientSpec,
    LoginDomainSpec,
    LoginStyleSpec,
    ResourceServerSpec,
    UserPoolSpec,
)
from tests.local.stack import Stack


def people_of(stack: Stack) -> str:
    """The pool whose people sign in with an address; empty if there is none."""
    return next((one.pool_id for one in stack.specs(UserPoolSpec) if one.by_email), "")


def clients_of(stack: Stack) -> list[ClientSpec]:
    """Pages need a domain, and managed login (version 2) a style for each client
    (cognito-user-pools-managed-login.html, "Default style")."""
    declared = {scope for server in stack.specs(ResourceServerSpec) for scope in server.scopes}
    styled = {style.client_id for style in stack.specs(LoginStyleSpec)}
    domains = stack.specs(LoginDomainSpec)
    by_email = {pool.pool_id for pool in stack.specs(UserPoolSpec) if pool.by_email}
    clients = []
    for client in stack.specs(ClientSpec):
        unknown = set(client.scopes) - declared - set(SYSTEM_SCOPES)
        if unknown:
            raise ResourceCreationError(
                client.logical_id, "AWS::Cognito::UserPoolClient", f"no such scopes: {unknown}"
            )
        has_page = any(domain.version == 1 or client.client_id in styled for domain in domains)
        is_by_email = client.pool_id in by_email
        clients.append(replace(client, has_login_page=has_page, by_email=is_by_email))
    return clients
