"""A storage that hangs, drips, fails or floods: `inspect` is Unavailable, in time, and tells nobody
the address. No test measures seconds: a dripping server would drip for ever."""

import hashlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import sleep

import pytest

from meterai.aws.storage.presigned_files import PresignedFiles
from meterai.domain.errors import DocumentMissing, DocumentTooLarge, Unavailable
from meterai.domain.stamping.inspections import FileAddress

CONTENT = b"%PDF-1.7\n% surat"
SHA256 = hashlib.sha256(CONTENT).hexdigest()
FILES = PresignedFiles(try_within_s=0.5)

Talk = Callable[[socket.socket], None]


def answering(status: str, body: bytes = b"", length: int | None = None) -> Talk:
    """Says each time that `length` bytes come, and sends `body`."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\n\r\n"
    return lambda connection: connection.sendall(head.encode() + body)


def dripping(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while True:
        connection.sendall(b"%")
        sleep(0.02)


def silent(connection: socket.socket) -> None:
    connection.recv(1)


@contextmanager
def storage(*talks: Talk) -> Iterator[tuple[str, list[int]]]:
    """An address, and the number of each request's connection. Each request gets the next of
    `talks`, the last one again and again."""
    asked: list[int] = []

    def serve(connection: socket.socket, number: int) -> None:
        with connection, suppress(OSError):
            while received := connection.recv(65_536):
                if received != CONTENT:  # which follows the head of a put
                    asked.append(number)
                    talks[min(len(asked), len(talks)) - 1](connection)

    def listen() -> None:
        with suppress(OSError):
            for number in range(9):
                connection, _ = listening.accept()
                threading.Thread(target=serve, args=(connection, number), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/secret", asked


def fetch(url: str, max_bytes: int = 1_000_000) -> bytes:
    return FILES.fetch(FileAddress(url, SHA256, max_bytes))


@pytest.mark.parametrize(
    "fault",
    [dripping, silent, answering("200 OK", b"%PDF", 20), answering("503 Slow Down", b"<Error/>")],
    ids=["dripping", "silent", "cut off", "failing"],
)
def test_what_failed_is_tried_once_more_and_then_no_more(fault: Talk) -> None:
    with storage(fault, answering("200 OK", CONTENT)) as (url, asked):
        assert fetch(url) == CONTENT
    with storage(fault) as (url, asked):
        with pytest.raises(Unavailable) as failure:
            fetch(url)
        assert len(asked) == 2
    assert failure.value.values["party"] == "s3"
    assert failure.value.__context__ is None, "its text names the address"


def test_a_put_that_failed_is_tried_once_more() -> None:
    failing = answering("503 Slow Down", b"<Error/>")
    with storage(failing, answering("200 OK")) as (url, asked):
        FILES.put(url, CONTENT)
    with storage(failing) as (url, asked), pytest.raises(Unavailable):
        FILES.put(url, CONTENT)
    assert len(asked) == 2


def test_what_is_refused_is_not_tried_again_and_its_body_is_not_read() -> None:
    """A connection with something unread in it is closed."""
    for status, refusal in (("404 Not Found", DocumentMissing), ("403 Forbidden", Unavailable)):
        with storage(answering(status, b"<Error/>", 99), answering("200 OK", CONTENT)) as (
            url,
            asked,
        ):
            with pytest.raises(refusal):
                fetch(url)
            assert fetch(url) == CONTENT
            assert asked == [0, 1]


@pytest.mark.parametrize("says_so", [True, False])
def test_a_file_that_is_too_large_is_not_read(*, says_so: bool) -> None:
    limit = len(CONTENT) - 1
    with storage(answering("200 OK", CONTENT, 10**9 if says_so else None)) as (url, asked):
        with pytest.raises(DocumentTooLarge):
            fetch(url, limit)
        assert asked == [0]


def test_a_connection_that_was_read_to_its_end_is_used_again() -> None:
    with storage(answering("200 OK", CONTENT), answering("200 OK")) as (url, asked):
        fetch(url)
        FILES.put(url, CONTENT)
        FILES.put(url, CONTENT)
        assert asked == [0, 0, 0]
