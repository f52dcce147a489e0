"""The protocol of SMS gateways, their errors, and the in-memory gateway of tests."""

from dataclasses import dataclass, field
from typing import Protocol
from uuid import UUID

from lk_graphql.kit.phones import Phone
from lk_graphql.ports.errors import PermanentError, RecipientUnknown


@dataclass
class InMemorySmsGateway:
    """Collects SMS in memory, and drops repeats of a key, as gateways do."""

    sent: dict[UUID, tuple[Phone, str]] = field(default_factory=dict[UUID, tuple[Phone, str]])

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        if not (is_repeat and key in self.sent):
            self.sent[key] = (to, text)

    def to(self, phone: Phone) -> list[str]:
        """The texts to a phone, the oldest first."""
        return [text for recipient, text in self.sent.values() if recipient == phone]


class SmsGatewayUnavailable(Exception):
    """A temporary failure of the gateway.

    The message is the gateway's code, as that of `SmsRefused`, without text and phone number,
    because exceptions are logged.
    """


class SmsRefused(PermanentError):
    """A permanent refusal of this SMS."""


class PhoneNotFound(SmsRefused, RecipientUnknown):
    """The number does not exist, or takes no SMS."""


class SmsGateway(Protocol):
    """Sends SMS."""

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        """Raises `SmsGatewayUnavailable`, `SmsRefused` or `PhoneNotFound`.

        `key` is the idempotency key. With `is_repeat` an earlier call with this key may have
        reached the gateway; if it did, nothing is sent.
        """
        ...
