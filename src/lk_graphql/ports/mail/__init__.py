"""Mails: composed from templates of slices, sent by SMTP."""

from lk_graphql.ports.mail.compose import compose
from lk_graphql.ports.mail.message import (
    InMemoryMailer,
    Mail,
    MailAttachment,
    MailboxNotFound,
    Mailer,
    MailRefused,
    MailRejected,
    MailServerUnavailable,
    Sender,
)
from lk_graphql.ports.mail.smtp import SmtpMailer

__all__ = [
    "InMemoryMailer",
    "Mail",
    "MailAttachment",
    "MailRefused",
    "MailRejected",
    "MailServerUnavailable",
    "MailboxNotFound",
    "Mailer",
    "Sender",
    "SmtpMailer",
    "compose",
]
