"""What an operator decides, as parameters of the template; read from the environment, once."""

import os
from datetime import timedelta
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.outputs import FileLock
from meterai.domain.waiting.admission_control import AdmissionPolicy
from meterai.domain.waiting.bulk import Portions
from meterai.domain.waiting.queue_status import Lane
from meterai.gateways.names import GatewayName


def _listed(text: str) -> tuple[str, ...]:
    """The names in a comma-separated list, as CloudFormation joins them; an empty one has none."""
    return tuple(name for name in text.split(",") if name)


def _or_none(text: object) -> object:
    """CloudFormation has no null: an empty parameter says it."""
    return text or None


_Names = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Settings(BaseModel):
    """Fields are the environment's names in lower case. A missing one stops the start by name."""

    model_config = ConfigDict(frozen=True)

    orders_table: str
    payments_table: str
    serials_table: str
    refunds_table: str
    load_status_table: str
    waiting_room_table: str
    portals_table: str
    drafts_table: str
    notifications_table: str
    receipt_keys_secret_arn: str
    receipt_root_key_id: str
    documents_bucket: str
    inspect_function: str
    payments_queue_url: str
    stamping_queue_url: str
    urgent_stamping_queue_url: str
    bulk_queue_url: str
    refunds_queue_url: str
    augmentation_queue_url: str
    notifications_queue_url: str
    identity_secret_arn: str
    token_secret_arn: str
    gateway_secret_arn: str
    gateway: GatewayName = "midtrans"
    gateway_url: str
    payouts_url: str
    # It took payments before the present one, and refunds them.
    previous_gateway: Annotated[GatewayName | None, BeforeValidator(_or_none)] = None
    previous_gateway_url: str = ""
    account_key_id: str
    signing_manifest_object: str  # key in the documents bucket
    stamped_files_lock_days: int = 0
    stamped_files_lock_mode: Literal["GOVERNANCE", "COMPLIANCE"] = "GOVERNANCE"
    public_host: str
    pages_url: str = ""  # these are of the functions that show pages
    sign_in_origin: str = ""
    uploads_origin: str = ""
    ses_identity_arn: str = ""  # of the pages and of `send_notification`; empty: no e-mails
    user_pool_id: str = ""  # of `send_notification` alone
    sign_in_issuer: str = ""  # these are of the functions that sign people in
    sign_in_client_id: str = ""
    sign_in_below: str = ""  # the path that the pages of signing in are below
    portals: _Names = ()
    signature_level: SignatureLevel = SignatureLevel.B_B
    timestamp_urls: _Names = ()
    timestamp_bytes: int = 4_096  # room for a token in each signature
    unit_price_idr: Annotated[int, Field(ge=10_000)] = 10_000
    order_expires_s: int = 900
    stamping_promise_s: int = 86_400
    refund_promise_s: int = 86_400
    payout_promise_s: int = 259_200
    stamping_claim_s: int = 120
    urgent_window_s: int = 1_800
    bulk_min_per_s: int = 2
    bulk_max_per_s: int = 100
    bulk_pause_when_wait_exceeds_s: int = 30
    bulk_release_run_s: int = 55  # how long one run of release_bulk lasts; 0: one portion
    # How long one run of publish_load_snapshot lasts: the next begins a second after it ends.
    load_snapshot_run_s: int = 57
    max_stamp_wait_s: int = 300
    ticket_validity_s: int = 600
    stampings_per_s: float = 250.0  # the capacity of stamping, until it has been measured
    max_document_bytes: int = 20_000_000
    portal_limit_bytes: int = 800_000

    @property
    def queue_urls(self) -> dict[Lane, str]:
        return {
            Lane.PAYMENTS: self.payments_queue_url,
            Lane.REFUNDS: self.refunds_queue_url,
            Lane.URGENT: self.urgent_stamping_queue_url,
            Lane.STAMPING: self.stamping_queue_url,
            Lane.BULK: self.bulk_queue_url,
            Lane.AUGMENTATION: self.augmentation_queue_url,
        }

    def lane_of(self, queue_arn: str) -> Lane:
        """The lane of a message's queue: an ARN and an address both end with the queue's name."""
        lanes = {url.rpartition("/")[2]: lane for lane, url in self.queue_urls.items()}
        return lanes[queue_arn.rpartition(":")[2]]

    @property
    def stamped_files_lock(self) -> FileLock | None:
        lasts = timedelta(days=self.stamped_files_lock_days)
        return FileLock(self.stamped_files_lock_mode, lasts) if lasts else None

    @property
    def admission_policy(self) -> AdmissionPolicy:
        return AdmissionPolicy(
            longest_wait=timedelta(seconds=self.max_stamp_wait_s),
            holds=timedelta(seconds=self.ticket_validity_s),
            capacity_per_s=self.stampings_per_s,
            order_lasts=timedelta(seconds=self.order_expires_s),
        )

    @property
    def refund_promises(self) -> RefundPromises:
        return RefundPromises(
            to_source=timedelta(seconds=self.refund_promise_s),
            to_account=timedelta(seconds=self.payout_promise_s),
        )

    @property
    def bulk_portions(self) -> Portions:
        return Portions(
            min_per_s=self.bulk_min_per_s,
            max_per_s=self.bulk_max_per_s,
            pause_above=timedelta(seconds=self.bulk_pause_when_wait_exceeds_s),
        )

    @model_validator(mode="after")
    def _previous_gateway_is_another_and_has_a_url(self) -> Self:
        previous = self.previous_gateway
        if previous is not None and (previous == self.gateway or not self.previous_gateway_url):
            raise ValueError(
                "previous_gateway must differ from gateway and needs previous_gateway_url"
            )
        return self

    @model_validator(mode="after")
    def _has_timestamp_servers_for_its_level(self) -> Self:
        if self.signature_level is not SignatureLevel.B_B and not self.timestamp_urls:
            raise ValueError(f"signature_level {self.signature_level} needs timestamp_urls")
        return self


@cache
def settings() -> Settings:
    present = {name.lower(): value for name, value in os.environ.items()}
    return Settings.model_validate(present)
