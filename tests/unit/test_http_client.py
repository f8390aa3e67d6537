"""A server that hangs, drips, floods or sends nonsense is Unavailable, and in time.

No test measures seconds. A dripping server would send for ever, so a call that returns has ended by
its own deadline. How much had been sent by then shows that it did not wait for the end.
"""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from time import sleep

import pytest

from meterai.domain.errors import Unavailable
from meterai.http_client import HttpClient, Reply

Talk = Callable[[socket.socket], None]

MAX_BYTES = 1_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"
CLIENT = HttpClient(connect_timeout_s=1.0, total_timeout_s=0.5, max_answer_bytes=MAX_BYTES)


@contextmanager
def server(talk: Talk) -> Iterator[str]:
    """Takes one connection, reads the request, then calls `talk`."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(timeout=10)
        assert not thread.is_alive(), "the client still holds the connection"


class Dripping:
    """Sends `at_once`, then one byte every 20 ms for as long as the client listens."""

    def __init__(self, at_once: bytes, drops: bytes) -> None:
        self.at_once = at_once
        self.drops = drops
        self.dripped = 0

    def __call__(self, connection: socket.socket) -> None:
        connection.sendall(self.at_once)
        for drop in cycle(self.drops):
            connection.sendall(bytes([drop]))
            self.dripped += 1
            sleep(0.02)


def silent(connection: socket.socket) -> None:
    connection.recv(1)  # until the client hangs up


def flooding(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (MAX_BYTES + 2))


def cut_off(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"{")


def hanging_up(connection: socket.socket) -> None:
    connection.close()


def not_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("at_once", "drops"),
    [
        (b"", b"HTTP/1.1 200 OK"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Drop: 1\r\n"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", b" "),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    ],
    ids=["status line", "headers", "body", "chunks", "body without a length"],
)
@pytest.mark.parametrize("verb", ["GET", "POST"])
def test_a_server_that_drips_bytes_is_given_up_after_the_total_time(
    at_once: bytes, drops: bytes, verb: str
) -> None:
    dripping = Dripping(at_once, drops)
    with server(dripping) as url, pytest.raises(Unavailable) as unavailable:
        CLIENT.send(verb, url, party="a server")  # type: ignore[arg-type]
    assert unavailable.value.values == {"party": "a server", "reason": "ReadTimeoutError"}
    assert 0 < dripping.dripped < 500


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (silent, "ReadTimeoutError"),
        (flooding, "too_large"),
        (cut_off, "ProtocolError"),
        (hanging_up, "ProtocolError"),
        (not_http, "ProtocolError"),
    ],
)
def test_an_incomplete_response_is_unavailable(talk: Talk, reason: str) -> None:
    with server(talk) as url, pytest.raises(Unavailable) as unavailable:
        CLIENT.send("GET", url, party="a server")
    assert unavailable.value.values == {"party": "a server", "reason": reason}


def test_a_request_whose_response_is_lost_is_not_sent_again() -> None:
    requests: list[bytes] = []

    def lost(connection: socket.socket) -> None:
        requests.append(b"one")
        connection.close()

    with server(lost) as url, pytest.raises(Unavailable):
        CLIENT.send("POST", url, party="a server", body=b"{}")
    assert requests == [b"one"]


def test_a_complete_response_is_read_also_when_it_comes_in_pieces() -> None:
    def in_pieces(connection: socket.socket) -> None:
        for byte in HEAD + b'{"a": "0123456789"}\n':
            connection.sendall(bytes([byte]))

    with server(in_pieces) as url:
        reply = CLIENT.send("GET", url, party="a server")
    assert reply == Reply(200, b'{"a": "0123456789"}\n')


def test_a_compressed_response_is_not_inflated() -> None:
    def compressed(connection: socket.socket) -> None:
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n"
        connection.sendall(head + b"\x1f\x8b")

    with server(compressed) as url:
        assert CLIENT.send("GET", url, party="a server") == Reply(200, b"\x1f\x8b")


def test_a_connection_is_used_again() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    def twice(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.recv(65_536)
        connection.sendall(answer)

    with server(twice) as url:
        replies = [CLIENT.send("GET", url, party="a server").data for _ in range(2)]
    assert replies == [b"{}", b"{}"]
