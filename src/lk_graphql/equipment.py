"""What the application reaches the outside world by: settings become ports."""

from pathlib import Path

from lk_graphql.kit.emails import Email
from lk_graphql.kit.tokens import Links
from lk_graphql.ports import Ports
from lk_graphql.ports.acquiring import Acquirer, Shop, YooKassa
from lk_graphql.ports.captcha import DrawnCaptchas
from lk_graphql.ports.files import Files, in_folder, open_files
from lk_graphql.ports.mail import Mailer, Sender, SmtpMailer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.ports.pdf import PdfPool
from lk_graphql.ports.scanner import Clamd, Scanner
from lk_graphql.ports.sms import Smsc, SmscAccess, SmsGateway
from lk_graphql.settings import Settings, SettingsRefused

HOME = Path(".lk")
"""Where a machine's own things lie that aren't anywhere else."""


def ports(settings: Settings, mail: Mailer, sms: SmsGateway | None) -> Ports:
    """The real ones."""
    return Ports(
        passwords=Passwords(strict=settings.password_strict),
        captchas=DrawnCaptchas(),
        mail=mail,
        links=Links(settings.secret_key.get_secret_value().encode()),
        files=files(settings),
        pdfs=PdfPool(settings.pdf_processes),
        scanner=scanner(settings),
        sms=sms,
        mails_per_second=settings.mails_per_second,
        sms_per_second=settings.sms_per_second,
        upload_bytes=settings.upload_megabytes * 1024 * 1024,
        uploads_a_day=settings.uploads_per_day,
        upload_bytes_a_day=settings.upload_megabytes_per_day * 1024 * 1024,
        acquirer=acquirer(settings),
    )


def files(settings: Settings) -> Files:
    """Raises `SettingsRefused` for an address that can't be read."""
    url = settings.files_url.get_secret_value()
    try:
        return open_files(url) if url else in_folder(HOME / "files")
    except ValueError as wrong:
        raise SettingsRefused([f"LK_FILES_URL: {wrong}."]) from wrong


def acquirer(settings: Settings) -> Acquirer | None:
    if not settings.acquirer_shop:
        return None
    shop = Shop(
        settings.acquirer_shop,
        settings.acquirer_secret.get_secret_value(),
        settings.acquirer_url,
        receipt_url=settings.receipt_url or None,
    )
    return YooKassa(shop)


def scanner(settings: Settings) -> Scanner | None:
    """Raises `SettingsRefused` for an address that can't be read."""
    try:
        return Clamd(settings.clamd_url) if settings.clamd_url else None
    except ValueError as wrong:
        raise SettingsRefused([f"LK_CLAMD_URL: {wrong}."]) from wrong


def smtp(settings: Settings) -> Mailer:
    return SmtpMailer(settings.smtp_url.get_secret_value(), sender(settings))


def smsc(settings: Settings) -> SmsGateway | None:
    """None where the company sends no SMS."""
    if not settings.smsc_login:
        return None
    password = settings.smsc_password.get_secret_value()
    return Smsc(SmscAccess(settings.smsc_login, password, settings.sms_sender))


def sender(settings: Settings) -> Sender:
    return Sender(settings.company_name, Email(settings.sender))
