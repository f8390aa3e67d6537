"""A draft that is ready to be bought, made without the pages on which it is prepared."""

import uuid
from datetime import UTC, datetime
from hashlib import sha256

from meterai.aws.drafts.drafts import DynamoDrafts
from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import DraftId, IdDeriver
from meterai.domain.stamping.placement import Placement
from tests.e2e.customer import BOX, Customer, letter

PLACE = Placement(1, BOX["x_pt"], BOX["y_pt"], BOX["side_pt"])


def prepared(
    customer: Customer,
    *documents: bytes,
    portal: str | None = None,
    place: Placement = PLACE,
    placed: bool = True,
    are_uploaded: bool = True,
) -> str:
    """The address of its pages."""
    draft_id = DraftId("drf_" + uuid.uuid4().hex[:26].upper())
    now, chosen = datetime.now(UTC), place if placed else None
    uploaded = tuple(
        DraftDocument(
            customer.applicant.upload(one) if are_uploaded else sha256(one).hexdigest(),
            f"surat lamaran {n}.pdf",
            len(one),
            chosen,
        )
        for n, one in enumerate(documents or (letter(),), start=1)
    )
    draft = Draft(draft_id, customer.subject, now, now, uploaded, portal=portal)
    _drafts(customer).put_new(draft)
    return f"/saya/pengajuan/{draft_id}"


def order_id_of(customer: Customer, address: str) -> str:
    draft = _drafts(customer).get(customer.subject, DraftId(address.rpartition("/")[2]))
    assert draft is not None
    assert draft.order_id is not None
    return draft.order_id


def _drafts(customer: Customer) -> DynamoDrafts:
    account = customer.environment.account
    secret = account.client("secretsmanager").get_secret_value(
        SecretId=account.physical("IdentitySecret")
    )
    deriver = IdDeriver(secret["SecretString"].encode())
    return DynamoDrafts(
        account.client("dynamodb"), account.physical("DraftsTable"), deriver.pseudonym
    )
