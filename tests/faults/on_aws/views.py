"""Tables, files and queues of AWS in the form of `InMemoryState`; each access is a request.

They have their own clients, so that no fault affects the checks of the outcome.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, MutableMapping
from typing import Any, Generic, TypeVar, Union

from pydantic import TypeAdapter

from meterai.messages import Message
from tests.contract.backends import Clients, pseudonym
from tests.fakes.in_memory_state import Letter

V = TypeVar("V")
_KINDS: Any = Union[*Message.__subclasses__()]
_MESSAGES: TypeAdapter[Any] = TypeAdapter(_KINDS)


class TableView(MutableMapping[Any, V], Generic[V]):
    """A table, by key: `keys` are its key attributes; with several of them a key is a tuple."""

    def __init__(
        self,
        clients: Clients,
        table: str,
        keys: tuple[str, ...],
        read: Callable[[Any], V],
        written: Callable[[V], Any],
    ) -> None:
        self.dynamodb, self.table, self.keys_of = clients.dynamodb, table, keys
        self.read, self.written = read, written

    def all(self) -> dict[Any, V]:
        page = self.dynamodb.scan(TableName=self.table, ConsistentRead=True)
        return {self._key(item): self.read(item) for item in page["Items"]}

    def __getitem__(self, key: Any) -> V:
        texts = (key,) if isinstance(key, str) else key
        where: Any = {name: {"S": text} for name, text in zip(self.keys_of, texts, strict=True)}
        answer = self.dynamodb.get_item(TableName=self.table, Key=where, ConsistentRead=True)
        if "Item" not in answer:
            raise KeyError(key)
        return self.read(answer["Item"])

    def __setitem__(self, key: Any, value: V) -> None:
        self.dynamodb.put_item(TableName=self.table, Item=self.written(value))

    def __delitem__(self, key: Any) -> None:
        raise TypeError("nothing is deleted")

    def __iter__(self) -> Iterator[Any]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def values(self) -> Any:
        return self.all().values()

    def _key(self, item: Any) -> Any:
        texts = tuple(item[name]["S"] for name in self.keys_of)
        return texts[0] if len(texts) == 1 else texts


class BucketView(MutableMapping[Any, bytes]):
    """A bucket's files under a prefix: uploaded ones by account and hash, stamped ones by name."""

    def __init__(self, clients: Clients, bucket: str, prefix: str) -> None:
        self.s3, self.bucket, self.prefix = clients.s3, bucket, prefix

    def __getitem__(self, key: Any) -> bytes:
        for name in self._names():
            if self._key(name) == key:
                body = self.s3.get_object(Bucket=self.bucket, Key=name)["Body"]
                return bytes(body.read())
        raise KeyError(key)

    def __setitem__(self, key: Any, content: bytes) -> None:
        account, sha256 = key
        name = f"{self.prefix}{pseudonym(account)}/{sha256}"
        self.s3.put_object(Bucket=self.bucket, Key=name, Body=content)

    def __delitem__(self, key: Any) -> None:
        raise TypeError("nothing is deleted")

    def __iter__(self) -> Iterator[Any]:
        return map(self._key, self._names())

    def __len__(self) -> int:
        return len(self._names())

    def _names(self) -> list[str]:
        page = self.s3.list_objects_v2(Bucket=self.bucket, Prefix=self.prefix)
        return [each["Key"] for each in page.get("Contents", [])]

    @staticmethod
    def _key(name: str) -> str:
        return name.rpartition("/")[2].removesuffix(".pdf")


class QueueView(deque[Letter]):
    """A queue: its messages are received and deleted as soon as its length is read."""

    def __init__(self, clients: Clients, url: str) -> None:
        super().__init__()
        self.sqs, self.url = clients.sqs, url

    def __len__(self) -> int:
        while messages := self._taken():
            for message in messages:
                digest = hashlib.sha256(message["MessageId"].encode()).hexdigest()
                self.append(Letter(_MESSAGES.validate_json(message["Body"]), digest))
        return super().__len__()

    def _taken(self) -> list[Any]:
        answer = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
        messages: list[Any] = answer.get("Messages", [])
        for one in messages:
            self.sqs.delete_message(QueueUrl=self.url, ReceiptHandle=one["ReceiptHandle"])
        return messages


class BulkQueueView(deque[Letter]):
    """How many messages wait: `release_bulk` alone receives them."""

    def __init__(self, clients: Clients, url: str) -> None:
        super().__init__()
        self.sqs, self.url = clients.sqs, url

    def __len__(self) -> int:
        answer = self.sqs.get_queue_attributes(
            QueueUrl=self.url, AttributeNames=["ApproximateNumberOfMessages"]
        )
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])
