"""The keys of tokens, in one secret: a JSON object with each key by the time from which it signs.
CloudFormation makes the first one."""

import json
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.keys.secrets import read_secret
from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.token_keys import TokenKey
from meterai.ttl_cache import TtlCache

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEYS_TTL_S = 300.0  # a key is there a day before it signs
MIN_RENEW_S = 10.0


@dataclass(slots=True)
class SecretTokenKeys:
    """`held` asks Secrets Manager at most once in five minutes, and once in ten seconds however
    many tokens name keys that nobody knows."""

    client: "SecretsManagerClient"
    secret: str
    timer: Callable[[], float] = time.monotonic
    _kept: TtlCache[Sequence[TokenKey]] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = TtlCache(
            self.stored,
            KEYS_TTL_S,
            min_renew_s=MIN_RENEW_S,
            keep_if_unavailable=True,
            timer=self.timer,
        )

    def held(self) -> Sequence[TokenKey]:
        return self._kept.get()

    def renew(self) -> None:
        self._kept.renew()

    def stored(self) -> Sequence[TokenKey]:
        keys: dict[str, str] = json.loads(read_secret(self.client, self.secret))
        return tuple(TokenKey(time_of_text(at), key.encode()) for at, key in keys.items())

    def hold(self, keys: Sequence[TokenKey]) -> None:
        text = json.dumps({text_of_time(key.signs_from): key.secret.decode() for key in keys})
        with translate_aws_errors("secretsmanager"):
            self.client.put_secret_value(SecretId=self.secret, SecretString=text)
        self._kept.forget()

    def new_secret(self) -> bytes:
        return secrets.token_urlsafe(48).encode()
