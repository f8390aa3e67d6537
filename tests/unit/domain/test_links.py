from datetime import timedelta

import pytest

from meterai.domain.errors import ClaimLinkExpired, ClaimLinkInvalid, ClaimLinkUsed
from meterai.domain.refunds.links import (
    check_claim_token,
    claim_token,
    follow_token,
    followed_refund,
)
from meterai.domain.refunds.refund_transitions import due_again
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.times import utc_text
from tests.fakes.token_keys import signer
from tests.unit.domain.facts import NOW, refund

SIGNER = signer()
REFUND = refund("rfd_" + "A" * 26, (0,), RefundState.NEEDS_ACCOUNT, 10_000)
EXPIRES = NOW + timedelta(days=14)
TOKEN = claim_token(REFUND, EXPIRES, SIGNER)


def test_a_claim_link_is_valid_until_it_expires() -> None:
    check_claim_token(REFUND, TOKEN, EXPIRES - timedelta(microseconds=1), SIGNER)
    with pytest.raises(ClaimLinkExpired) as refused:
        check_claim_token(REFUND, TOKEN, EXPIRES, SIGNER)
    assert refused.value.values == {"expired_at": utc_text(EXPIRES)}


def test_a_claim_link_of_an_earlier_attempt_is_used() -> None:
    with pytest.raises(ClaimLinkUsed):
        check_claim_token(due_again(REFUND, NOW), TOKEN, NOW, SIGNER)


def test_a_change_of_any_character_invalidates_it() -> None:
    for place, one in enumerate(TOKEN):
        other = "3" if one == "2" else "2"
        with pytest.raises(ClaimLinkInvalid):
            check_claim_token(REFUND, TOKEN[:place] + other + TOKEN[place + 1 :], NOW, SIGNER)


def test_it_is_valid_for_no_other_refund_and_no_other_system() -> None:
    other = refund("rfd_" + "B" * 26, (0,), RefundState.NEEDS_ACCOUNT, 10_000)
    with pytest.raises(ClaimLinkInvalid):
        check_claim_token(other, TOKEN, NOW, SIGNER)
    with pytest.raises(ClaimLinkInvalid):
        check_claim_token(REFUND, TOKEN, NOW, signer(b"another secret"))


def test_a_status_link_leads_to_its_refund_and_cannot_be_guessed() -> None:
    token = follow_token(REFUND.refund_id, SIGNER)
    assert followed_refund(token, SIGNER) == REFUND.refund_id
    assert followed_refund(token, signer(b"another secret")) is None
    for place, one in enumerate(token):
        other = "B" if one == "A" else "A"
        assert followed_refund(token[:place] + other + token[place + 1 :], SIGNER) is None


def test_a_signature_for_one_purpose_is_invalid_for_another() -> None:
    assert SIGNER.signature("one", "x") != SIGNER.signature("other", "x")
    assert SIGNER.signature("one", "xy") != SIGNER.signature("one", "x", "y")
