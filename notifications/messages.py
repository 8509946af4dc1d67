"""The texts of messages: the app that causes an event registers how it is told."""

from collections.abc import Callable
from dataclasses import dataclass

from notifications.models import Delivery


@dataclass(frozen=True)
class Mail:
    """Subject and plain text; `thread` joins the mails about one thing."""

    subject: str
    text: str
    thread: str = ""


Writer = Callable[[Delivery], Mail]
_writers: dict[str, Writer] = {}


def message(name: str) -> Callable[[Writer], Writer]:
    """Decorator: write the message `name`. The writer is called in the recipient's language."""

    def add(writer: Writer) -> Writer:
        if name in _writers:
            raise ValueError(f"Two writers of message {name!r}: names must be unique.")
        _writers[name] = writer
        return writer

    return add


def written(delivery: Delivery) -> Mail:
    """Return the mail of a delivery. Raises KeyError for a message that nobody registered."""
    return _writers[delivery.message](delivery)
