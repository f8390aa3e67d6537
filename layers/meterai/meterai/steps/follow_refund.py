"""Follow a refund: how far it is, for whoever has its link."""

from meterai.domain.errors import NotFound
from meterai.domain.identity import Identities
from meterai.domain.links import followed_refund
from meterai.domain.refunds import Refund
from meterai.ports import Refunds


def follow_refund(token: str, *, refunds: Refunds, identities: Identities) -> Refund:
    """Raises NotFound: a link the office did not make leads nowhere, and costs no read."""
    refund_id = followed_refund(token, identities)
    refund = None if refund_id is None else refunds.get(refund_id)
    if refund is None:
        raise NotFound
    return refund
