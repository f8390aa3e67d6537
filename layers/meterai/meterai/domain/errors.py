"""Every way in which a request can be refused or a document can be unusable: one tree.

Each class has a stable `code` (a portal's code may depend on it) and carries the values that say
what happened. Sentences for people and HTTP status live in one table, `meterai.problems`.
"""

from typing import ClassVar


class MeteraiError(Exception):
    """Something the system refuses or cannot do, with the values that explain it."""

    code: ClassVar[str]

    def __init__(self, **values: str | int) -> None:
        super().__init__(self.code, values)
        self.values = values


class Refusal(MeteraiError):
    """A request that cannot be met; nothing was changed."""


class NotFound(Refusal):
    """It does not exist, or belongs to another account: both answer alike."""

    code = "not_found"


class KeyReused(Refusal):
    """The same Idempotency-Key came with another request body."""

    code = "idempotency_key_reused"


class QuantityOutOfRange(Refusal):
    code = "quantity_out_of_range"


class TooManyUnpaidOrders(Refusal):
    """The account holds so many orders that it has not paid."""

    code = "too_many_unpaid_orders"


class PortalUnknown(Refusal):
    code = "portal_unknown"


class OrderClosed(Refusal):
    """The order expired, was cancelled or reversed: nothing can be taken from it."""

    code = "order_closed"


class NoBalance(Refusal):
    """Fewer e-meterai are free in the order than were requested."""

    code = "no_balance"


class TooManyRequests(Refusal):
    """A client polled much sooner than the last answer said."""

    code = "too_many_requests"


class AlreadyStamped(Refusal):
    """This document already has an e-meterai of this order; `allow_duplicate` asks for a second
    one."""

    code = "document_already_stamped"


class StampingInProgress(Refusal):
    """A worker holds the e-meterai at this moment: it can no longer be taken back."""

    code = "stamping_in_progress"


class OrderNotPaid(Refusal):
    code = "order_not_paid"


class OrderPaid(Refusal):
    """The order was paid: what is unused goes back by a refund."""

    code = "order_paid"


class NoAccountNeeded(Refusal):
    """The refund proceeds without an account of the buyer's, or is done."""

    code = "no_account_needed"


class ClaimLinkInvalid(Refusal):
    """The token was not issued for this refund."""

    code = "claim_link_invalid"


class ClaimLinkExpired(Refusal):
    code = "claim_link_expired"


class ClaimLinkUsed(Refusal):
    """An account was given by this link, or by another link for the same refund."""

    code = "claim_link_used"


class AccountUnknown(Refusal):
    """The bank has no such account, or there is no such bank."""

    code = "account_unknown"


class AccountNameMismatch(Refusal):
    """The account belongs to another name. That name is never disclosed."""

    code = "account_name_mismatch"


class TooManyClaimAttempts(Refusal):
    """So many accounts were named for this refund that names could be guessed."""

    code = "too_many_claim_attempts"


class BuyingPaused(Refusal):
    """Sales are paused for buyers without a ticket, or before its turn: paid work is served
    first."""

    code = "buying_paused"


class BuyingClosed(Refusal):
    """Nothing is sold: an operator has stopped it, or nothing could be stamped."""

    code = "buying_closed"


class DeadlinePast(Refusal):
    code = "deadline_past"


class DeadlineOutOfReach(Refusal):
    code = "deadline_out_of_reach"


class DeadlineOutOfRange(Refusal):
    code = "deadline_out_of_range"


class ReceiptExpired(Refusal):
    """The key of the hour of acceptance is deleted; copies of the receipt stay valid."""

    code = "receipt_expired"


class TicketInvalid(Refusal):
    """The ticket was not issued to this account."""

    code = "ticket_invalid"


class TicketExpired(Refusal):
    """Its turn came, and its time to buy is over."""

    code = "ticket_expired"


class TicketUsed(Refusal):
    """Another order was bought with it, or its account has a newer ticket by now."""

    code = "ticket_used"


class DocumentMissing(Refusal):
    """The document was never uploaded, or its upload was refused."""

    code = "document_missing"


class TooManyDocuments(Refusal):
    """A draft holds as many documents as an order can have e-meterai."""

    code = "too_many_documents"


class DocumentRefused(Refusal):
    """The document cannot be stamped as it is; its owner can correct it and try again."""


class DocumentHashMismatch(DocumentRefused):
    """The stored bytes do not have the SHA-256 that was declared."""

    code = "document_hash_mismatch"


class DocumentTooLarge(DocumentRefused):
    code = "document_too_large"


class NotAPdf(DocumentRefused):
    code = "not_a_pdf"


class DocumentDamaged(DocumentRefused):
    """It begins like a PDF, but its structure cannot be followed."""

    code = "document_damaged"


class DocumentAmbiguous(DocumentRefused):
    """It says one thing twice, differently, and readers show one or the other. `cause` says what:
    `key_twice`, `key_of_two_kinds`, `object_listed_twice`, `object_in_two_generations`,
    `pages_differ`, `fields_without_form`."""

    code = "document_ambiguous"


class FieldsNotDrawn(DocumentRefused):
    """Readers draw the values of its form themselves (/NeedAppearances), which ends with a stamp;
    what the file holds drawn is missing or differs."""

    code = "fields_not_drawn"


class DocumentEncrypted(DocumentRefused):
    """A password is needed to open it."""

    code = "document_encrypted"


class PermissionDenied(DocumentRefused):
    """It opens without a password, but its permissions forbid signing (ISO 32000-1, table 22)."""

    code = "permission_denied"


class DocumentCertified(DocumentRefused):
    """A certification signature (DocMDP) forbids what stamping has to change."""

    code = "document_certified"


class DocumentLocked(DocumentRefused):
    """An earlier signer locked fields (FieldMDP, /Lock): a stamp would break that signature."""

    code = "document_locked"


class FormIsXfa(DocumentRefused):
    """An XFA form: what a person sees is not in the pages."""

    code = "form_is_xfa"


class EarlierStampBroken(DocumentRefused):
    """An e-meterai on it no longer holds: another one would lend its name to a changed file."""

    code = "earlier_emeterai_broken"


class PageOutOfRange(DocumentRefused):
    code = "page_out_of_range"


class BoxOffPage(DocumentRefused):
    """The stamp's box has no area or does not lie on the page as displayed."""

    code = "box_off_page"


class StampSizeRefused(DocumentRefused):
    """The request makes a stamp that is too small to be read, or too large."""

    code = "stamp_size_refused"


class CanvasMismatch(DocumentRefused):
    """The canvas has another shape than the page, so its pixels give no place on the page."""

    code = "canvas_mismatch"


class AnchorNotFound(DocumentRefused):
    """The document does not have the text, or not so many times; a scan has no text at all."""

    code = "anchor_not_found"


class FieldNotFound(DocumentRefused):
    """There is no empty, visible signature field of this name."""

    code = "field_not_found"


class NoFreeSpace(DocumentRefused):
    """There is no room on the page for a stamp that covers nothing."""

    code = "no_free_space"


class CoversText(DocumentRefused):
    """The stamp would cover text, and `allow_overlap` was not given."""

    code = "covers_text"


class CoversStamp(DocumentRefused):
    """Two e-meterai would overlap: neither could be read."""

    code = "covers_stamp"


class DocumentTooComplex(DocumentRefused):
    """Reading it takes more time or memory than any honest document does."""

    code = "document_too_complex"


class AddressTooLong(MeteraiError):
    """The public host makes the QR's address longer than the QR can hold: start-up fails."""

    code = "public_address_too_long"


class SignatureMismatch(MeteraiError):
    """The key service's answer does not verify with the certificate: nothing may be stored."""

    code = "signature_mismatch"


class SigningKeyUnusable(MeteraiError):
    """The key service knows the key and does not sign with it: disabled, deleted, not allowed."""

    code = "signing_key_unusable"


class Unavailable(MeteraiError):
    """A party we depend on did not answer: try again later, nothing was concluded."""

    code = "unavailable"


class NoSigningIdentity(Unavailable):
    """No certificate is installed: an operator does it (functions/DEPLOYING.md)."""


class WebhookRefused(Refusal):
    """A webhook is malformed or its signature does not verify: nothing follows from it."""

    code = "webhook_refused"


class ChargeExists(MeteraiError):
    """The gateway already has this charge but no longer gives its instruction: a new attempt."""

    code = "charge_exists"


class GatewayRefused(MeteraiError):
    """The gateway understood and refused (`status_code`): repeating the request does not help."""

    code = "gateway_refused"


class ChargeRefused(Refusal):
    """The gateway takes no payment by this `method`; `other_methods` are worth a try."""

    code = "charge_refused"


class PayoutRefused(MeteraiError):
    """The gateway will never make this payout: another account is needed."""

    code = "payout_refused"


class RecordsMissing(MeteraiError):
    """A gateway's record of a day is not there yet: nothing can be compared with it."""

    code = "records_missing"


class CiphertextInvalid(MeteraiError):
    """The ciphertext was made for another refund, or is damaged."""

    code = "ciphertext_invalid"


def by_code(*kinds: type[MeteraiError]) -> dict[str, type[MeteraiError]]:
    """These kinds of errors and all below them, but for those that only group others."""
    found = {kind.code: kind for kind in kinds if "code" in vars(kind)}
    for kind in kinds:
        found |= by_code(*kind.__subclasses__())
    return found
