"""A trust service gets one request; anything but a complete 200 response in time is Unavailable."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from meterai.domain.errors import Unavailable
from meterai.http_client import HttpClient
from meterai.trust.fetcher import TrustFetcher

MAX_BYTES = 10
HEAD = b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n"
FETCH = TrustFetcher(HttpClient(0.5, 1.0, MAX_BYTES))


def _whole_request(connection: socket.socket) -> bytes:
    """Head and body may arrive in separate pieces."""
    request = b""
    while piece := connection.recv(65_536):
        request += piece
        head, end, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if end and len(body) >= (int(length[1]) if length else 0):
            break
    return request


@contextmanager
def server(*answers: bytes | None) -> Iterator[tuple[str, list[bytes]]]:
    """Sends these responses one after the other on one connection; None: silence."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def serve() -> None:
            connection, _ = listening.accept()
            for answer in answers:
                asked.append(_whole_request(connection))
                if answer is None:
                    time.sleep(0.5)
                    break
                connection.sendall(answer)
            connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{port}/tsa", asked
        thread.join(2)


def test_a_request_with_a_body_is_a_post_and_one_without_is_a_get() -> None:
    ok = HEAD % (b"200 OK", 2, b"") + b"ok"
    with server(ok, ok) as (url, asked):
        fetch = TrustFetcher()
        assert fetch(url, b"question", "application/timestamp-query") == b"ok"
        assert fetch(url) == b"ok"
        fetch.http.pool.clear()
    assert asked[0].startswith(b"POST /tsa")
    assert b"Content-Type: application/timestamp-query" in asked[0]
    assert asked[0].endswith(b"question")
    assert asked[1].startswith(b"GET /tsa"), "over the same connection"


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        HEAD % (b"503 Busy", 0, b""),
        HEAD % (b"302 Found", 0, b"Location: http://127.0.0.1:9/\r\n"),
        HEAD % (b"200 OK", 100, b"") + b"cut off",
        b"no HTTP at all\r\n\r\n",
    ],
    ids=["silence", "hung up", "busy", "elsewhere", "cut off", "no HTTP"],
)
def test_anything_but_a_complete_200_response_is_unavailable(answer: bytes | None) -> None:
    with server(answer) as (url, _), pytest.raises(Unavailable):
        FETCH(url, b"question", "application/ocsp-request")


def test_a_response_above_the_size_limit_is_refused() -> None:
    with server(HEAD % (b"200 OK", 11, b"") + bytes(11)) as (url, _), pytest.raises(Unavailable):
        FETCH(url)


def test_a_closed_port_is_unavailable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(Unavailable):
        FETCH(f"http://127.0.0.1:{port}/")
