"""Mails for tests."""

from dataclasses import dataclass, field

from lk_graphql.kit.emails import Email
from lk_graphql.ports.mail.letter import Mail


@dataclass
class RememberedMails:
    """Sends nothing and forgets nothing."""

    sent: list[tuple[Email, Mail]] = field(default_factory=list[tuple[Email, Mail]])

    async def send(self, mail: Mail, to: Email) -> None:
        self.sent.append((to, mail))

    def to(self, email: Email) -> list[Mail]:
        """Oldest first."""
        return [mail for recipient, mail in self.sent if recipient == email]
