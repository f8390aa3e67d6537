"""From an operation to its answer: address, headers, token, body."""

from collections.abc import Collection, Iterator, Mapping
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from urllib3.filepost import encode_multipart_formdata

from meterai import api
from meterai.http_client import HttpClient, Reply, pools
from meterai.languages import Language
from meterai_client.answers import read
from meterai_client.errors import ClientError, NoAnswer, Problem
from meterai_client.operations import AnswerT, Operation
from meterai_client.sender import Clock, Sender
from meterai_client.tokens import TokenSource

PARTY, STORAGE = "the API", "the storage"
CONNECT_S, ANSWER_S = 5.0, 30.0  # API Gateway answers within 30 s
TRANSFER_S = 300.0  # of a file: 20 MB at half a megabit a second
MAX_ANSWER_BYTES, MAX_FILE_BYTES = 6_300_000, 40_000_000

PageT = TypeVar("PageT", api.OrderList, api.StampingList, api.RefundList)


class Connection:
    """`call_s`: how long a call may take with its repetitions. Raises Problem and NoAnswer."""

    def __init__(
        self,
        api_url: str,
        token: str | TokenSource | None,
        language: Language,
        call_s: float,
        clock: Clock,
    ) -> None:
        self.api_url = api_url.rstrip("/")
        self._source = None if isinstance(token, str) else token
        self._token = token if isinstance(token, str) else None
        self._language = language
        pool = pools()
        self._api = Sender(
            HttpClient(CONNECT_S, ANSWER_S, MAX_ANSWER_BYTES, pool), clock, PARTY, call_s
        )
        # While a body is sent, the time to connect counts.
        self._storage = Sender(
            HttpClient(TRANSFER_S, TRANSFER_S, MAX_FILE_BYTES, pool), clock, STORAGE, TRANSFER_S
        )

    def call(
        self,
        operation: Operation[AnswerT],
        body: api.Request | None = None,
        *,
        key: str | None = None,
        **how: Any,
    ) -> AnswerT:
        """`how` is that of `send`. A failure has the key, also that of an unreadable answer."""
        try:
            return read_answer(operation, self.send(operation, body, key=key, **how).data)
        except ClientError as failure:
            failure.idempotency_key = key
            raise

    def pages(self, operation: Operation[PageT], limit: int) -> Iterator[PageT]:
        """By cursor, as far as they are asked for."""
        after: str | None = None
        while True:
            page = self.call(operation, query={"after": after, "limit": limit})
            yield page
            after = page.next
            if after is None:
                return

    def send(
        self,
        operation: Operation[Any],
        body: api.Request | None = None,
        *,
        key: str | None = None,
        with_ticket: str | None = None,
        query: Mapping[str, object] | None = None,
        final: Collection[str] = (),
        **path: str,
    ) -> Reply:
        """The answer as it came. `path`: the parameters in it. `final`: codes that are not waited
        for."""
        address = operation.path.format(**{name: quote(path[name], safe="") for name in path})
        asked = {name: value for name, value in (query or {}).items() if value is not None}
        headers = {"accept-language": self._language.value}
        headers |= {} if key is None else {"idempotency-key": key}
        headers |= {} if with_ticket is None else {"meterai-ticket": with_ticket}
        content = None
        if body is not None:  # without what is at its default, which an older system may not know
            content = body.model_dump_json(exclude_defaults=True).encode()
            headers["content-type"] = "application/json"
        url = f"{self.api_url}{address}" + (f"?{urlencode(asked)}" if asked else "")
        return self._with_token(operation, url, content, headers, final)

    def post_file(self, offer: api.UploadAnswer, content: bytes) -> None:
        """To where the answer says; the same file may be sent again."""
        file = ("document.pdf", content, "application/pdf")  # storage takes it as the last field
        body, content_type = encode_multipart_formdata({**offer.fields, "file": file})
        self._storage.send("POST", offer.url, body=body, headers={"content-type": content_type})

    def get_file(self, url: str) -> bytes:
        return self._storage.send("GET", url).data

    def _with_token(
        self,
        operation: Operation[Any],
        url: str,
        content: bytes | None,
        headers: Mapping[str, str],
        final: Collection[str],
    ) -> Reply:
        """A token that is no longer taken is renewed once: what has 401 was not executed."""

        def once() -> Reply:
            with_token = dict(headers)
            if self._token is not None and not operation.public:
                with_token["authorization"] = f"Bearer {self._token}"
            return self._api.send(
                operation.verb, url, body=content, headers=with_token, final=final
            )

        if self._source is None or operation.public:
            return once()
        if self._token is None:
            self._token = self._source()
        try:
            return once()
        except Problem as problem:
            if problem.status != HTTPStatus.UNAUTHORIZED:
                raise
        self._token = self._source()
        return once()


def read_answer(operation: Operation[AnswerT], data: bytes | str) -> AnswerT:
    """Raises NoAnswer."""
    try:
        return read(operation.answer, data)
    except ValueError:
        raise NoAnswer(PARTY, "this client cannot read its answer") from None
