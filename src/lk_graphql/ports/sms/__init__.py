"""SMS: sent by a gateway over HTTP, or kept for `/dev/sms`."""

from lk_graphql.ports.sms.folder import KeptSms, SmsBox
from lk_graphql.ports.sms.gateway import (
    NoSuchPhone,
    RememberedSms,
    SmsGateway,
    SmsGatewayAway,
    SmsRefused,
)
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
