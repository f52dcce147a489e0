"""Mails: composed of a slice's templates, sent by SMTP or kept for `/dev/mail`."""

from lk_graphql.ports.mail.compose import compose
from lk_graphql.ports.mail.folder import KeptMail, Mailbox
from lk_graphql.ports.mail.message import (
    Mail,
    Mailer,
    MailRefused,
    MailServerAway,
    NoSuchMailbox,
    RememberedMails,
    Sender,
)
from lk_graphql.ports.mail.smtp import SmtpMailer

__all__ = [
    "KeptMail",
    "Mail",
    "MailRefused",
    "MailServerAway",
    "Mailbox",
    "Mailer",
    "NoSuchMailbox",
    "RememberedMails",
    "Sender",
    "SmtpMailer",
    "compose",
]
