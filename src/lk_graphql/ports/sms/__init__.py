"""SMS: sent by a gateway over HTTP, or stored for `/dev/sms`."""

from lk_graphql.ports.sms.folder import FileSmsGateway, StoredSms
from lk_graphql.ports.sms.gateway import (
    InMemorySmsGateway,
    PhoneNotFound,
    SmsGateway,
    SmsGatewayUnavailable,
    SmsRefused,
)
from lk_graphql.ports.sms.smsc import Smsc, SmscAccess

__all__ = [
    "FileSmsGateway",
    "InMemorySmsGateway",
    "PhoneNotFound",
    "SmsGateway",
    "SmsGatewayUnavailable",
    "SmsRefused",
    "Smsc",
    "SmscAccess",
    "StoredSms",
]
