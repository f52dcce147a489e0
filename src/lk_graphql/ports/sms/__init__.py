"""SMS: sent by a gateway over HTTP, or kept for `/dev/sms`."""

from typing import TYPE_CHECKING, Any

from lk_graphql.ports.sms.box import KeptSms, SmsBox
from lk_graphql.ports.sms.gateway import NoSuchPhone, SmsGateway, SmsGatewayAway, SmsRefused
from lk_graphql.ports.sms.remembered import RememberedSms

if TYPE_CHECKING:
    from lk_graphql.ports.sms.smsc import Smsc, SmscAccess

__all__ = [
    "KeptSms",
    "NoSuchPhone",
    "RememberedSms",
    "SmsBox",
    "SmsGateway",
    "SmsGatewayAway",
    "SmsRefused",
    "Smsc",
    "SmscAccess",
]


def __getattr__(name: str) -> Any:
    """What sends SMS brings httpx, which costs a start a tenth of a second."""
    if name not in {"Smsc", "SmscAccess"}:
        raise AttributeError(name)
    from lk_graphql.ports.sms import smsc  # noqa: PLC0415

    return getattr(smsc, name)
