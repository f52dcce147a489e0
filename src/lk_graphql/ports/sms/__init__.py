"""SMS, sent by a gateway over HTTP."""

from lk_graphql.ports.sms.gateway import (
    InMemorySmsGateway,
    PhoneNotFound,
    SmsGateway,
    SmsGatewayUnavailable,
    SmsRefused,
)
from lk_graphql.ports.sms.smsc import Smsc, SmscAccess

__all__ = [
    "InMemorySmsGateway",
    "PhoneNotFound",
    "SmsGateway",
    "SmsGatewayUnavailable",
    "SmsRefused",
    "Smsc",
    "SmscAccess",
]
