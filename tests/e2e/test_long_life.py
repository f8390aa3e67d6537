"""A system that promises B-LT: the stamp at once, its long-term proof a moment later; and a new
key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from meterai.aws.tables.attributes import attribute_of
from meterai.aws.tables.timer_attributes import timer_values
from meterai.domain.stamping.augmentation import FIRST_CHECK
from meterai.domain.timers import Timer
from meterai.pdf.verification.signature_check import SignatureCheck
from meterai.pdf.verification.verify import read_stamps
from tests.applicant.client import Json
from tests.e2e.customer import Customer
from tests.e2e.own_pages import OwnPages
from tests.e2e.passing_time import stamping_ages, sweep
from tests.integration.pdf.long_life import validated_by_pyhanko
from tests.local.environment import Environment, local_environment


@pytest.fixture(scope="module")
def long_lived(
    environment: Environment,
    environments: list[Environment],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Environment]:
    """A second system in the same AWS account, with room for a second key."""
    with local_environment(
        stack_name="meterai-long-lived",
        endpoint_url=environment.account.endpoint_url,
        logs=tmp_path_factory.mktemp("logs"),
        fire_schedules=False,
        redeliver_after_s=1,
        more_parameters={
            "SignatureLevel": "B-LT",
            "SigningKeys": "both",
            "StampedFilesLockDays": "1",
        },
    ) as running:
        environments.append(running)
        yield running


@pytest.fixture
def applicant(long_lived: Environment, request: pytest.FixtureRequest) -> Customer:
    return Customer(long_lived, f"{request.node.name[:20]}@pelamar.example")


def augmented(applicant: Customer, stamping: Json) -> Json:
    found = applicant.applicant.stamping(stamping["stamping_id"])
    assert found["augmented_url"] is not None
    return found


def opened(applicant: Customer, url: str) -> bytes:
    return applicant.applicant.open(url, accept="application/pdf").content


def found_in(document: bytes, environment: Environment) -> SignatureCheck:
    (found,) = read_stamps(document, roots=[environment.root_certificate])
    return found


def verdict_on(document: bytes, applicant: Customer) -> str:
    sha256 = applicant.applicant.upload(document)
    return str(applicant.applicant.verify(sha256)["verdict"])


def test_a_stamp_is_given_out_with_its_timestamp_and_augmented_in_a_second_file(
    long_lived: Environment, applicant: Customer
) -> None:
    stamping = augmented(applicant, applicant.stamped(applicant.paid_order()))
    stamped = opened(applicant, stamping["download_url"])
    preserved = opened(applicant, stamping["augmented_url"])
    page = OwnPages.of(applicant).get(f"/saya/berkas/{stamping['stamping_id']}/arsip")
    assert opened(applicant, page.headers["location"]) == preserved
    assert found_in(stamped, long_lived).proven_at is not None
    assert preserved.startswith(stamped)
    assert validated_by_pyhanko(preserved, long_lived.root_certificate) == [True]
    assert [verdict_on(file, applicant) for file in (stamped, preserved)] == ["genuine"] * 2


def test_after_a_worker_died_having_stored_the_augmented_file_the_next_one_lists_it(
    long_lived: Environment, applicant: Customer
) -> None:
    stamping = applicant.stamped(applicant.paid_order())
    first = opened(applicant, augmented(applicant, stamping)["augmented_url"])
    forget_augmentation(long_lived, stamping)
    assert applicant.applicant.stamping(stamping["stamping_id"])["augmented_url"] is None

    sweep(long_lived)
    assert opened(applicant, augmented(applicant, stamping)["augmented_url"]) == first


def forget_augmentation(environment: Environment, stamping: Json) -> None:
    """The e-meterai as it was before: its timer is still set, and the augmented file not listed."""
    now = datetime.now(UTC)
    timer = timer_values(stamping["stamping_id"], Timer(now, now + timedelta(days=7)))
    environment.account.client("dynamodb").update_item(
        TableName=environment.account.physical("SerialsTable"),
        Key={"serial": {"S": stamping["stamping_id"]}},
        UpdateExpression="REMOVE outputs[1] SET " + ", ".join(f"{n} = :{n}" for n in timer),
        ExpressionAttributeValues={
            f":{name}": attribute_of(value) for name, value in timer.items() if value is not None
        },
    )


def test_a_stamp_is_not_delayed_where_no_timestamp_server_answers(
    long_lived: Environment, applicant: Customer
) -> None:
    long_lived.authority.timestamps_are_down = True
    try:
        stamping = applicant.stamped(applicant.paid_order())
        assert stamping["augmented_url"] is None
        stamped = opened(applicant, stamping["download_url"])
        assert found_in(stamped, long_lived).proven_at is None
    finally:
        long_lived.authority.timestamps_are_down = False

    stamping_ages(long_lived, stamping, FIRST_CHECK + timedelta(seconds=1))
    sweep(long_lived)
    preserved = opened(applicant, augmented(applicant, stamping)["augmented_url"])
    assert preserved.startswith(stamped)
    assert validated_by_pyhanko(preserved, long_lived.root_certificate) == [True]


def test_the_key_is_changed_while_people_stamp(
    long_lived: Environment, applicant: Customer
) -> None:
    before = applicant.stamped(applicant.paid_order())
    old_key = long_lived.account.outputs["SigningKeyId"]
    long_lived.set_up_signing("SecondSigningKeyId")
    between = applicant.stamped(applicant.paid_order())
    long_lived.account.functions.replace_instances()  # as after five minutes
    after = applicant.stamped(applicant.paid_order())
    files = [opened(applicant, one["download_url"]) for one in (before, between, after)]
    signers = [signer_of(file) for file in files]
    assert signers[0] == signers[1] != signers[2]
    assert [verdict_on(file, applicant) for file in files] == ["genuine"] * 3
    assert old_key != long_lived.account.outputs["SecondSigningKeyId"]


def signer_of(document: bytes) -> bytes:
    (signature,) = PdfFileReader(BytesIO(document)).embedded_regular_signatures
    certificate: bytes = signature.signer_cert.dump()
    return certificate
