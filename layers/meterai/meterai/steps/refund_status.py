"""Follow a refund: how far it is, for whoever has its link."""

from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import IdDeriver
from meterai.domain.refunds.links import followed_refund
from meterai.domain.refunds.refunds import Refund
from meterai.ports import Refunds


def refund_status(token: str, *, refunds: Refunds, id_deriver: IdDeriver) -> Refund:
    """Raises NotFound: a link the office did not make leads nowhere, and costs no read."""
    refund_id = followed_refund(token, id_deriver)
    refund = None if refund_id is None else refunds.get(refund_id)
    if refund is None:
        raise NotFound
    return refund
