"""The mail server's side: all mails that came."""

from collections import defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header
from typing import Any


@dataclass(frozen=True)
class Mail:
    """Subject and plain text, by the old policy of `email`, which is ten times as fast."""

    subject: str
    text: str

    @classmethod
    def parse(cls, content: bytes) -> "Mail":
        message = message_from_bytes(content)
        (text,) = (one for one in message.walk() if one.get_content_type() == "text/plain")
        decoded = text.get_payload(decode=True)
        assert isinstance(decoded, bytes)
        return cls(str(make_header(decode_header(message["Subject"]))).strip(), decoded.decode())


@dataclass
class Mailbox:
    """All mails by address, in aiosmtpd's protocol."""

    mails: dict[str, list[bytes]] = field(
        default_factory=lambda: defaultdict[str, list[bytes]](list)
    )

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        for address in envelope.rcpt_tos:
            self.mails[address].append(envelope.content)
        return "250 OK"

    def to(self, address: str, skip: int = 0) -> list[Mail]:
        """The mails to an address, but the first ones: parsing one takes a while."""
        return [Mail.parse(content) for content in self.mails[address][skip:]]
