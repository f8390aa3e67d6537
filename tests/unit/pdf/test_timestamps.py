"""RFC 3161: the request to a timestamp server, and which responses are accepted."""

import hashlib
from collections.abc import Callable

import pytest
from asn1crypto import algos, cms, tsp

from meterai.domain.errors import Unavailable
from meterai.pdf.signing.timestamps import SERVER_BACKOFF_S, TimestampServers

DIGEST = hashlib.sha256(b"a signature").digest()
LARGEST = 1_000


def token(request: tsp.TimeStampReq, **changes: object) -> cms.ContentInfo:
    """It has no signature: the worker does not verify who signed a token."""
    fields = {
        "version": "v1",
        "policy": "1.2.3",
        "message_imprint": request["message_imprint"],
        "serial_number": 7,
        "gen_time": "20250301120000Z",
        "nonce": request["nonce"].native,
        **changes,
    }
    encapsulated = cms.EncapsulatedContentInfo(
        {"content_type": "tst_info", "content": cms.ParsableOctetString(tsp.TSTInfo(fields).dump())}
    )
    signed = {
        "version": "v3",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": "sha256"})],
        "encap_content_info": encapsulated,
        "signer_infos": [],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(signed)})


def answer(status: str, given: cms.ContentInfo) -> bytes:
    response = tsp.TimeStampResp({"status": {"status": status}, "time_stamp_token": given})
    dumped: bytes = response.dump()
    return dumped


class Server:
    """Responds with `respond`, and keeps the requests."""

    def __init__(self, respond: Callable[[tsp.TimeStampReq], bytes]) -> None:
        self.respond = respond
        self.asked: list[tsp.TimeStampReq] = []

    def __call__(self, _: str, body: bytes, content_type: str) -> bytes:
        assert content_type == "application/timestamp-query"
        self.asked.append(tsp.TimeStampReq.load(body, strict=True))
        return self.respond(self.asked[-1])


def good(request: tsp.TimeStampReq) -> bytes:
    return answer("granted", token(request))


def silent(_: tsp.TimeStampReq) -> bytes:
    raise Unavailable(party="timestamp_server")


def test_the_request_has_the_digest_a_new_nonce_and_asks_for_the_servers_certificate() -> None:
    server = Server(good)
    servers = TimestampServers(["https://tsa.example"], server, LARGEST)
    first, second = servers(DIGEST), servers(DIGEST)
    assert first != second
    for asked in server.asked:
        imprint = asked["message_imprint"]
        assert imprint["hash_algorithm"]["algorithm"].native == "sha256"
        assert imprint["hashed_message"].native == DIGEST
        assert asked["cert_req"].native is True
    assert server.asked[0]["nonce"].native != server.asked[1]["nonce"].native
    assert first is not None
    assert cms.ContentInfo.load(first, strict=True).dump() == first


@pytest.mark.parametrize(
    "bad",
    [
        silent,
        lambda _: b"",
        lambda _: b"<html>",
        lambda request: answer("rejection", token(request)),
        lambda _: bytes.fromhex("30053003020100"),
        lambda request: answer("granted", token(request, nonce=1)),
        lambda request: answer("granted", token(request, nonce=None)),
        lambda request: answer("granted", token(request, policy=".".join(["1.2"] * 900))),
        lambda request: answer(
            "granted",
            token(
                request,
                message_imprint={
                    "hash_algorithm": {"algorithm": "sha256"},
                    "hashed_message": bytes(32),
                },
            ),
        ),
    ],
    ids=[
        "silence",
        "nothing",
        "a page",
        "a refusal",
        "no token",
        "another nonce",
        "no nonce",
        "too large",
        "another digest",
    ],
)
def test_a_token_that_does_not_match_the_request_is_not_accepted(
    bad: Callable[[tsp.TimeStampReq], bytes],
) -> None:
    assert TimestampServers(["https://tsa.example"], Server(bad), LARGEST)(DIGEST) is None


def test_a_server_that_did_not_answer_is_not_asked_again_before_the_backoff_ends() -> None:
    now = [0.0]
    server = Server(silent)
    servers = TimestampServers(["https://tsa.example"], server, LARGEST, lambda: now[0])
    for now[0] in (0.0, SERVER_BACKOFF_S - 1, SERVER_BACKOFF_S):
        assert servers(DIGEST) is None
    assert len(server.asked) == 2


def test_servers_are_asked_in_order_until_one_answers() -> None:
    asked = []

    def exchange(url: str, body: bytes, _: str) -> bytes:
        asked.append(url)
        return good(tsp.TimeStampReq.load(body)) if url == "b" else silent(tsp.TimeStampReq())

    servers = TimestampServers(["a", "b", "c"], exchange, LARGEST)
    assert servers(DIGEST) is not None
    assert servers(DIGEST) is not None
    assert asked == ["a", "b", "b"]
