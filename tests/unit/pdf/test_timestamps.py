"""RFC 3161: what is asked of a timestamp server, and which answers are taken."""

import hashlib
from collections.abc import Callable

import pytest
from asn1crypto import algos, cms, tsp

from meterai.domain.errors import Unavailable
from meterai.pdf.signing.timestamps import SERVER_BACKOFF_S, TimestampServers

DIGEST = hashlib.sha256(b"a signature").digest()
LARGEST = 1_000


def token(request: tsp.TimeStampReq, **changes: object) -> cms.ContentInfo:
    """Not signed by anybody: who that is, is not the worker's to judge."""
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
    """Answers as `respond` does, and keeps what it was asked."""

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


def test_the_request_is_for_this_digest_with_a_nonce_and_the_servers_certificate() -> None:
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
def test_what_is_no_token_for_this_request_is_no_answer(
    bad: Callable[[tsp.TimeStampReq], bytes],
) -> None:
    assert TimestampServers(["https://tsa.example"], Server(bad), LARGEST)(DIGEST) is None


def test_a_server_that_did_not_answer_is_left_alone_for_a_while() -> None:
    now = [0.0]
    server = Server(silent)
    servers = TimestampServers(["https://tsa.example"], server, LARGEST, lambda: now[0])
    for now[0] in (0.0, SERVER_BACKOFF_S - 1, SERVER_BACKOFF_S):
        assert servers(DIGEST) is None
    assert len(server.asked) == 2


def test_the_servers_are_asked_in_their_order() -> None:
    asked = []

    def exchange(url: str, body: bytes, _: str) -> bytes:
        asked.append(url)
        return good(tsp.TimeStampReq.load(body)) if url == "b" else silent(tsp.TimeStampReq())

    servers = TimestampServers(["a", "b", "c"], exchange, LARGEST)
    assert servers(DIGEST) is not None
    assert servers(DIGEST) is not None
    assert asked == ["a", "b", "b"]
