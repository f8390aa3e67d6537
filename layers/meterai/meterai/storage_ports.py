"""The ports of files, drafts and e-mails, as `container.py` hands them out: made when first asked
for."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from meterai import ports
from meterai.settings import Settings

if TYPE_CHECKING:
    from meterai.aws.storage.daily_files import S3RecordFiles
    from meterai.notification_ports import NotificationPorts
    from meterai.ports.drafts import Drafts


class StoragePorts:
    """Over the bucket, and the tables of what applicants prepare and of who wants e-mails.
    `pseudonym`: of an account."""

    def __init__(self, settings: Settings, pseudonym: Callable[[str], str]) -> None:
        self.settings = settings
        self.pseudonym = pseudonym

    def documents(self, now: Callable[[], datetime]) -> ports.Documents:
        from meterai.aws import clients
        from meterai.aws.storage.documents import S3Documents

        return S3Documents(
            clients.s3(),
            self.settings.documents_bucket,
            pseudonym=self.pseudonym,
            now=now,
            largest_bytes=self.settings.max_document_bytes,
            lock=self.settings.stamped_files_lock,
        )

    @cached_property
    def drafts(self) -> "Drafts":
        from meterai.aws import clients
        from meterai.aws.drafts.drafts import DynamoDrafts

        return DynamoDrafts(clients.dynamodb(), self.settings.drafts_table, self.pseudonym)

    @cached_property
    def notifications(self) -> "NotificationPorts":
        from meterai.notification_ports import NotificationPorts

        return NotificationPorts(self.settings)

    @cached_property
    def audit_trail(self) -> ports.AuditTrail:
        from meterai.aws import clients
        from meterai.aws.storage.audit_trail import S3AuditTrail

        return S3AuditTrail(clients.s3(), self.settings.documents_bucket)

    @cached_property
    def photo_page(self) -> ports.PhotoPage:
        from meterai.pdf.photo_page import photo_page

        return photo_page

    @cached_property
    def record_files(self) -> "S3RecordFiles":
        from meterai.aws import clients
        from meterai.aws.storage.daily_files import S3RecordFiles

        return S3RecordFiles(clients.s3(), self.settings.documents_bucket)

    @cached_property
    def day_reports(self) -> ports.DayReports:
        from meterai.aws import clients
        from meterai.aws.storage.daily_files import S3DayReports
        from meterai.pages.reconciliation_report import report_page

        return S3DayReports(clients.s3(), self.settings.documents_bucket, report_page)

    @cached_property
    def public_days(self) -> ports.PublicDays:
        from meterai.aws import clients
        from meterai.aws.storage.public_days import S3PublicDays

        return S3PublicDays(clients.s3(), self.settings.documents_bucket)
