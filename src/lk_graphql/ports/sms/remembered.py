"""SMS for tests."""

from dataclasses import dataclass, field
from uuid import UUID

from lk_graphql.kit.phones import Phone


@dataclass
class RememberedSms:
    """Sends nothing and forgets nothing; knows a key again, as gateways do."""

    sent: dict[UUID, tuple[Phone, str]] = field(default_factory=dict[UUID, tuple[Phone, str]])

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        if not (is_repeat and key in self.sent):
            self.sent[key] = (to, text)

    def to(self, phone: Phone) -> list[str]:
        """Oldest first."""
        return [text for recipient, text in self.sent.values() if recipient == phone]
