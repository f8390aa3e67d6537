"""HMAC-SHA-256 over several texts, each with its length, so that no two lists share bytes."""

import base64
import hmac

_VERSION = "1"


def keyed_digest(secret: bytes, parts: tuple[str, ...]) -> bytes:
    # pragma: no mutate start, same as Python's default
    return hmac.digest(secret, _message(parts), "sha256")
    # pragma: no mutate end


def keyed_text(secret: bytes, parts: tuple[str, ...]) -> str:
    """130 bits, in 26 characters of base 32."""
    # pragma: no mutate start, same as Python's default
    return base64.b32encode(keyed_digest(secret, parts)).decode("ascii")[:26]
    # pragma: no mutate end


def signature(secret: bytes, purpose: str, parts: tuple[str, ...]) -> str:
    """A keyed signature of 130 bits. Each purpose has a key of its own, derived from the secret,
    so that no signature serves another purpose, or is an id."""
    return keyed_text(keyed_digest(secret, ("key of", purpose)), parts)


def _message(parts: tuple[str, ...]) -> bytes:
    return b"".join(
        len(encoded).to_bytes(4, "big") + encoded  # pragma: no mutate: same as Python's default
        for encoded in (part.encode() for part in (_VERSION, *parts))
    )
