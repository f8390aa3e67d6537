"""Errors that stop the local account."""

from collections.abc import Mapping


class LocalAccountError(Exception):
    """The account cannot do what was requested."""


class TemplateError(LocalAccountError):
    """The template contradicts itself, or contains something that is not known here."""


class UnhandledResourceError(LocalAccountError):
    """The template declares something that this account would have to ignore in silence.

    An emulator that drops what it does not know lets a test pass that AWS would fail, so the
    account stops instead. To continue, handle the resource type or property in
    `tests/local/resources/`, or list it there as accepted, with the reason.
    """

    def __init__(self, logical_id: str, resource_type: str, what: str | None = None) -> None:
        subject = f"its property {what}" if what else "its type"
        super().__init__(
            f"{logical_id} ({resource_type}): {subject} is not handled by the local account; "
            "see tests/local/resources/"
        )
        self.logical_id = logical_id
        self.resource_type = resource_type
        self.what = what


class ResourceCreationError(LocalAccountError):
    """The endpoint refused a resource."""

    def __init__(self, logical_id: str, resource_type: str, reason: str) -> None:
        super().__init__(f"{logical_id} ({resource_type}) could not be created: {reason}")


class QuiesceTimeoutError(LocalAccountError):
    """Some work was left when the time was over."""

    def __init__(self, timeout_s: float, messages: Mapping[str, int], running: int) -> None:
        super().__init__(
            f"not idle after {timeout_s} s: {running} invocations run, "
            f"messages by queue: {dict(messages)}"
        )
