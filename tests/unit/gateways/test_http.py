"""A gateway that hangs, trickles, floods or talks nonsense: Unavailable, and in time."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic, sleep

import pytest

from meterai.domain.errors import Unavailable
from meterai.gateways.http import MAX_ANSWER_BYTES, GatewayHttp, Reply, read_object

Talk = Callable[[socket.socket], None]

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n"


@contextmanager
def gateway(talk: Talk) -> Iterator[GatewayHttp]:
    """Says what `talk` says, to whoever calls."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        yield GatewayHttp("gateway", address, "hush", read_timeout_s=0.3, total_timeout_s=0.5)
        thread.join(timeout=5)


def silent(connection: socket.socket) -> None:
    sleep(1)
    connection.close()


def trickling(connection: socket.socket) -> None:
    connection.sendall(HEAD)
    for _ in range(20):
        connection.sendall(b" ")
        sleep(0.1)


def without_end(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    for _ in range(100):
        connection.sendall(b" ")
        sleep(0.02)


def flooding(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * (MAX_ANSWER_BYTES + 2))


def cut_off(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"{")


def hanging_up(connection: socket.socket) -> None:
    connection.close()


def not_http(connection: socket.socket) -> None:
    connection.sendall(b"220 mail.example ESMTP\r\n")


@pytest.mark.parametrize(
    ("talk", "reason"),
    [
        (silent, "ReadTimeoutError"),
        (trickling, None),
        (without_end, None),
        (flooding, "too_large"),
        (cut_off, "ProtocolError"),
        (hanging_up, "ProtocolError"),
        (not_http, "ProtocolError"),
    ],
)
def test_no_usable_answer_concludes_nothing_and_ends_in_time(
    talk: Talk, reason: str | None
) -> None:
    with gateway(talk) as http:
        began = monotonic()
        with pytest.raises(Unavailable) as unavailable:
            http.exchange("GET", "/")
        assert monotonic() - began < 0.9
    assert reason in (None, unavailable.value.values["reason"])


def test_a_whole_answer_is_read_also_when_it_comes_in_pieces() -> None:
    def in_pieces(connection: socket.socket) -> None:
        connection.sendall(HEAD)
        for byte in b'{"a": "0123456789"}\n':
            connection.sendall(bytes([byte]))
            sleep(0.001)

    with gateway(in_pieces) as http:
        assert http.exchange("GET", "/") == Reply(200, b'{"a": "0123456789"}\n')


def test_a_connection_is_used_again() -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

    def twice(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.recv(65_536)
        connection.sendall(answer)

    with gateway(twice) as http:
        assert [http.exchange("GET", "/").data for _ in range(2)] == [b"{}", b"{}"]


@pytest.mark.parametrize("data", [b"", b"<html>", b"[]", b"[" * 100_000, b"\xff", b'"text"'])
def test_what_is_no_json_object_concludes_nothing(data: bytes) -> None:
    with pytest.raises(Unavailable):
        read_object("gateway", Reply(200, data))


def test_the_key_is_in_no_repr() -> None:
    assert "hush" not in repr(GatewayHttp("gateway", "https://gateway.example", "hush"))
