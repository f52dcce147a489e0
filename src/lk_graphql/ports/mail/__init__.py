"""Mails: composed from templates of slices, sent by SMTP or stored for `/dev/mail`."""

from lk_graphql.ports.mail.compose import compose
from lk_graphql.ports.mail.folder import FileMailer, StoredMail
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
    "FileMailer",
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
    "StoredMail",
    "compose",
]
