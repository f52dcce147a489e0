"""Who takes SMS, and what can go wrong."""

from typing import Protocol
from uuid import UUID

from lk_graphql.kit.phones import Phone
from lk_graphql.ports.hopeless import Hopeless, NobodyThere


class SmsGatewayAway(Exception):
    """The SMS wasn't taken now; later it may be.

    Like `SmsRefused`, it tells the gateway's code and neither its words nor the number: an
    exception ends in a log.
    """


class SmsRefused(Hopeless):
    """The gateway won't ever take this SMS."""


class NoSuchPhone(SmsRefused, NobodyThere):
    """There is no such number, or it takes no SMS."""


class SmsGateway(Protocol):
    """Takes SMS for delivery."""

    async def send(self, text: str, to: Phone, *, key: UUID, is_repeat: bool = False) -> None:
        """Raises `SmsGatewayAway`, `SmsRefused` or `NoSuchPhone`.

        `key` names this SMS for ever. With `is_repeat` an earlier call with the same key may have
        reached the gateway: then nothing is sent again.
        """
        ...
