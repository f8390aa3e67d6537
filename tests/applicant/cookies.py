"""What a browser keeps of the answers' cookies, and sends again."""

from collections.abc import Iterable, Mapping


def keep_cookies(jar: dict[str, str], given: Iterable[str]) -> None:
    """`given`: the values of Set-Cookie."""
    for cookie in given:
        name, _, value = cookie.partition(";")[0].partition("=")
        jar[name] = value
        if "Max-Age=0" in cookie:
            del jar[name]


def cookie_header(jar: Mapping[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items())
