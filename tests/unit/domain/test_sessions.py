"""Sessions of the pages, and the tokens of their forms."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.sessions import (
    APPLICANTS,
    form_token,
    is_own_form,
    new_session,
    read_session,
    renewed_session,
)
from meterai.domain.sign_in.begun import MAX_PATH, OWN_PAGE, begun_text, own_path, read_begun
from meterai.domain.sign_in.flow import PendingSignIn
from tests.fakes.token_keys import signer

NOW = datetime(2026, 11, 24, 2, 0, 0, 500_000, tzinfo=UTC)
OURS, THEIRS = signer(), signer(b"another secret")
SRI, BUDI = "7d1c7a5e-2b2f-4a39-9f0e-6b1c5f0c9a11", "0f3c2b7a-9d1e-4c55-8a6b-2f7e9c4d1b20"
PENDING = PendingSignIn("s" * 43, "n" * 43, "v" * 43)


def test_a_session_is_its_accounts_until_it_ends() -> None:
    session = new_session(APPLICANTS, SRI, NOW, OURS)

    for passed in (timedelta(), APPLICANTS.lasts - timedelta(seconds=1)):
        assert read_session(APPLICANTS, session.text, NOW + passed, OURS) == session
    assert read_session(APPLICANTS, session.text, NOW + APPLICANTS.lasts, OURS) is None


def test_a_session_is_renewed_after_an_hour_of_use() -> None:
    session = new_session(APPLICANTS, SRI, NOW, OURS)

    assert not session.is_due_for_renewal(NOW + APPLICANTS.renew_after - timedelta(seconds=1))
    assert session.is_due_for_renewal(NOW + APPLICANTS.renew_after + timedelta(seconds=1))


def test_a_session_that_is_used_all_the_time_ends_thirty_days_after_its_sign_in() -> None:
    session, now = new_session(APPLICANTS, SRI, NOW, OURS), NOW
    while session.is_due_for_renewal(now := now + timedelta(hours=2)):
        read = read_session(APPLICANTS, session.text, now, OURS)
        assert read == session
        session = renewed_session(session, now, OURS)
        assert session.ends_at <= now + APPLICANTS.lasts

    assert session.subject == SRI
    assert session.ends_at == NOW.replace(microsecond=0) + timedelta(days=30)


def test_a_session_that_was_not_written_here_is_none() -> None:
    text = new_session(APPLICANTS, SRI, NOW, OURS).text
    account, _, _, ends, _ = text.split(".")

    for forged in (
        text.replace(SRI, BUDI),
        text.replace(ends, str(int(ends) + 86_400)),
        text[:-1],
        f"{account}..{ends}",
        form_token(APPLICANTS, SRI, NOW, OURS),
        new_session(APPLICANTS, SRI, NOW, THEIRS).text,
        "x" * 100_000,
        "",
    ):
        assert read_session(APPLICANTS, forged, NOW, OURS) is None


def test_a_forms_token_is_valid_in_every_session_of_its_account_and_in_no_other() -> None:
    token = form_token(APPLICANTS, SRI, NOW, OURS)

    assert is_own_form(APPLICANTS, token, SRI, NOW, OURS)
    assert not is_own_form(APPLICANTS, token, BUDI, NOW, OURS)
    assert not is_own_form(APPLICANTS, form_token(APPLICANTS, SRI, NOW, THEIRS), SRI, NOW, OURS)
    assert not is_own_form(APPLICANTS, "", SRI, NOW, OURS)


def test_a_forms_token_ends_with_the_longest_session_that_it_can_be_of() -> None:
    token, longest = form_token(APPLICANTS, SRI, NOW, OURS), APPLICANTS.signed_in_for

    assert is_own_form(APPLICANTS, token, SRI, NOW + longest - timedelta(seconds=1), OURS)
    assert not is_own_form(APPLICANTS, token, SRI, NOW + longest, OURS)


@pytest.mark.parametrize(
    "wanted",
    [
        "/",
        "/saya/pengajuan/D1/unggahan?key=a%2Fb&etag=%22c%22",
        "/periksa",
        "/masukan",  # only begins like the sign-in page
    ],
)
def test_people_come_back_to_any_page_of_this_site(wanted: str) -> None:
    text = begun_text(PENDING, own_path(wanted), NOW, OURS)

    begun = read_begun(text, OURS)

    assert begun is not None
    assert (begun.back_to, begun.pending_at(NOW)) == (wanted, PENDING)


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        "",
        "saya",
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\/evil.example/",
        "/\t/evil.example/",
        "/saya\r\nSet-Cookie: a=b",
        "/saya ",
        "/saya/é",
        "/masuk",
        "/masuk?ke=/masuk",
        "/masuk/kembali",
        "/keluar",
        "/" + "x" * (MAX_PATH + 1),
    ],
)
def test_people_come_to_nothing_but_a_page_of_this_site(wanted: str | None) -> None:
    assert own_path(wanted) == OWN_PAGE


def test_a_sign_in_may_take_ten_minutes_and_no_more() -> None:
    begun = read_begun(begun_text(PENDING, "/saya", NOW, OURS), OURS)

    assert begun is not None
    assert begun.pending_at(NOW + timedelta(minutes=9)) == PENDING
    assert begun.pending_at(NOW + timedelta(minutes=10)) is None


def test_what_was_begun_elsewhere_is_not_ours() -> None:
    text = begun_text(PENDING, "/saya", NOW, THEIRS)

    assert read_begun(text, OURS) is None
    assert read_begun(new_session(APPLICANTS, SRI, NOW, OURS).text, OURS) is None
    assert read_begun("", OURS) is None
