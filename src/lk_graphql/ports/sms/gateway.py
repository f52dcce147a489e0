"""The protocol of SMS gateways, their errors, and the in-memory gateway of tests."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from lk_graphql.kit.phones import Phone
from lk_graphql.ports.errors import PermanentError, RecipientUnknown


@dataclass
class InMemorySmsGateway:
    """Sends nothing and forgets nothing; knows a key again, as gateways do."""

    sent: dict[UUID, tuple[Phone, str]] = field(default_factory=dict[UUID, tuple[Phone, str]])

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        if not (is_repeat and key in self.sent):
            self.sent[key] = (to, text)

    def to(self, phone: Phone) -> list[str]:
        """Oldest first."""
        return [text for recipient, text in self.sent.values() if recipient == phone]


class SmsGatewayUnavailable(Exception):
    """The SMS wasn't taken now; later it may be.

    Like `SmsRefused`, it tells the gateway's code and neither its words nor the number: an
    exception ends in a log.
    """


class SmsRefused(PermanentError):
    """The gateway won't ever take this SMS."""


class PhoneNotFound(SmsRefused, RecipientUnknown):
    """There is no such number, or it takes no SMS."""


class SmsGateway(Protocol):
    """Takes SMS for delivery."""

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        """Raises `SmsGatewayUnavailable`, `SmsRefused` or `PhoneNotFound`.

        `key` names this SMS for ever. With `is_repeat` an earlier call with the same key may have
        reached the gateway: then nothing is sent again.
        """
        ...
