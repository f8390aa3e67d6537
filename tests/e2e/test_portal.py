"""A portal gets one event for each file that was stamped for it, and for no other."""

import hashlib
import re

from tests.e2e.customer import Customer, letter
from tests.local.environment import PORTAL, Environment
from tests.portal.inbox import PortalInbox, StampedFile


def test_a_portal_gets_events_of_its_own_files_and_downloads_them(
    customer: Customer, inbox: PortalInbox, environment: Environment
) -> None:
    order = customer.paid_order(3)
    own = customer.stamped(order)
    for_portal = customer.stamped(
        order, portal=PORTAL, document=customer.applicant.upload(letter(2))
    )

    received = [
        file
        for file in inbox.receive(100, timeout_s=0.2)
        if file.serial in (own["stamping_id"], for_portal["stamping_id"])
    ]

    content = customer.applicant.open(for_portal["download_url"]).content
    bucket = environment.account.outputs["DocumentsBucketName"]
    key = f"stamped/{PORTAL}/{for_portal['stamping_id']}.pdf"
    assert received == [StampedFile(bucket, key, len(content))]
    fetched = environment.account.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read()
    assert hashlib.sha256(fetched).hexdigest() == for_portal["stamped_sha256"]


def test_several_e_meterai_on_a_document_are_one_file_and_one_event(
    customer: Customer, inbox: PortalInbox
) -> None:
    places = [{"at": "auto"}, {"at": "corner", "corner": "top_left", "side_pt": 54.0}]
    stamped = customer.stamped(customer.paid_order(2), portal=PORTAL, placements=places)

    serials = stamped["serials"]
    received = [file.serial for file in inbox.receive(100, timeout_s=0.2) if file.serial in serials]
    assert len(serials) == 2
    assert received == [stamped["stamping_id"]]


def test_a_stamping_for_no_portal_is_stored_under_a_name_that_hides_its_account(
    customer: Customer, inbox: PortalInbox
) -> None:
    order = customer.paid_order(2)
    stampings = [
        customer.stamped(order, document=customer.applicant.upload(letter(number)))
        for number in (1, 2)
    ]

    folders = {_folder(stamping["download_url"]) for stamping in stampings}
    [folder] = folders
    assert re.fullmatch(r"[a-z2-7]{26}", folder)
    assert folder not in (customer.username, customer.subject)
    received = {file.serial for file in inbox.receive(100, timeout_s=0.2)}
    assert received.isdisjoint(stamping["stamping_id"] for stamping in stampings)


def _folder(download_url: str) -> str:
    found = re.search(r"/stamped/([^/]+)/[0-9A-Z]{22}\.pdf\?", download_url)
    assert found is not None, download_url
    return found[1]
