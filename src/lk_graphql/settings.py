"""Settings from the environment's `LK_…` variables; no other module reads the environment.

An empty variable counts as unset. Secrets have no defaults; each command checks by `require` the
settings that it needs.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from lk_graphql.kit.company import Company
from lk_graphql.kit.database_url import Pooling
from lk_graphql.kit.errors import CommandError
from lk_graphql.kit.origins import ascii_host, smtp_name
from lk_graphql.kit.password_rules import words_of
from lk_graphql.kit.signing import Signer
from lk_graphql.setting_types import (
    LOOPBACK,
    DatabaseUrl,
    DatabaseUrls,
    FilesUrl,
    MailAddress,
    Origin,
    PageOrigins,
    Pattern,
    ReceiptUrl,
    SecretKey,
    SecretKeys,
    ServiceUrl,
    SmtpUrl,
    TrustedProxies,
    ValkeyUrl,
)

PREFIX = "LK_"
REQUIRED_IN_PRODUCTION = ("database_url", "smtp_url", "secret_key", "public_url")
EXAMPLES = {
    "database_url": "postgresql://lk:password@127.0.0.1:5432/lk",
    "smtp_url": "smtp://user:password@mail.example.com:587",
    "secret_key": '"$(openssl rand -hex 32)"',
    "public_url": "https://lk.example.com",
}


_NO_DIRECT_ADDRESS = (
    "LK_DATABASE_POOLING needs LK_DIRECT_DATABASE_URL, the database without PgBouncer."
)


class InvalidSettings(CommandError):
    """Missing or invalid settings, described by one sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


class Settings(BaseSettings):
    """All settings, in the order of `lk settings`; created by `read`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True
    )

    database_url: DatabaseUrl = Field(
        SecretStr(""),
        description="PostgreSQL 16 or newer; TLS to another machine, unless sslmode=disable.",
    )
    direct_database_url: DatabaseUrl = Field(
        SecretStr(""),
        description="The same database without PgBouncer, for work that needs a session:"
        " notifications, jobs, imports, migrations and commands; unset: LK_DATABASE_URL.",
    )
    database_pooling: Pooling = Field(
        Pooling.NONE,
        description="PgBouncer's pool_mode at LK_DATABASE_URL, session or transaction; unset:"
        " LK_DATABASE_URL leads to PostgreSQL itself.",
    )
    smtp_url: SmtpUrl = Field(
        SecretStr(""), description="The mail server; smtps:// for TLS from the first byte."
    )
    secret_key: SecretKey = Field(
        SecretStr(""),
        description="Signs links and tokens: at least 32 characters. Keep a replaced key in"
        " LK_SECRET_KEYS_ACCEPTED.",
    )
    public_url: Origin = Field(
        "", description="The address of this server, for uploads, files and, by default, pages."
    )
    cabinet_url: Origin = Field(
        "",
        description="The address of a separate frontend, for the links in mails and the acquirer's"
        " redirects; docs/clients.md lists its paths; unset: LK_PUBLIC_URL.",
    )

    secret_keys_accepted: SecretKeys = Field(
        (),
        description="Further keys whose signatures are valid, separated by commas: earlier keys,"
        " and the next key until all processes sign with it.",
    )
    factor_key: SecretKey = Field(
        SecretStr(""),
        description="Encrypts the secrets of staff's second factors: at least 32 characters; unset:"
        " LK_SECRET_KEY.",
    )
    factor_keys_accepted: SecretKeys = Field(
        (), description="Earlier such keys, with commas, until `lk secrets rotate` has run."
    )
    files_url: FilesUrl = Field(
        SecretStr(""),
        description="The file store: file:///folder, or s3://key:secret@host/bucket?region=…;"
        " unset: the folder .lk/files.",
    )
    clamd_url: str = Field(
        "",
        description="The daemon of ClamAV, tcp://host:3310; unset: uploads are not scanned.",
    )
    host: str = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="The port to listen on.")
    workers: int = Field(1, ge=1, description="Server processes; one per core is a good start.")
    pdf_processes: int = Field(
        1, ge=1, description="Processes that print receipts, per server process; about 90 MB each."
    )
    database_connections: int = Field(10, ge=2, description="PostgreSQL connections per process.")
    database_timeout: float = Field(
        10,
        gt=0,
        description="Seconds for which a request waits for PostgreSQL: half for a connection, half"
        " for a statement; then the response is UNAVAILABLE.",
    )
    replica_urls: DatabaseUrls = Field(
        (),
        description="Hot standbys that execute queries, separated by commas; each process opens"
        " half of LK_DATABASE_CONNECTIONS to each. Set it for all processes (docs/scale-out.md).",
    )
    replica_lag: float = Field(
        5,
        gt=0,
        description="Seconds by which a replica may lag behind the primary. A replica that lags"
        " further, or lacks one of the session's own changes, isn't read.",
    )
    trusted_proxies: TrustedProxies = Field(
        (),
        description="Addresses or networks of trusted proxies, separated by commas: their header"
        " Forwarded or X-Forwarded-For names the client.",
    )
    forwarded_header: Literal["", "forwarded", "x-forwarded-for"] = Field(
        "",
        description="The header that the proxies write; unset: either. If a request has both, and"
        " they differ, the proxy counts as the client.",
    )
    cors_origins: PageOrigins = Field(
        (),
        description="Other origins of the same site whose pages may send requests, separated by"
        " commas; http://localhost:* allows any port.",
    )
    subscription_connections: int = Field(
        2000, ge=1, description="Limit of open subscription connections per process."
    )
    subscription_keepalive_interval: float = Field(
        12.0, gt=0, description="Seconds between keep-alive comments of an event stream."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The lowest level to log."
    )
    slow_operation: float = Field(
        1.0,
        gt=0,
        description="Seconds from which an operation is logged as slow, with its SQL's name.",
    )
    metrics_port: int | None = Field(
        None,
        ge=1,
        le=65535,
        description="The port of /metrics (Prometheus) and /healthz for operators; unset: none."
        " The server and the worker of a machine need different ports.",
    )
    metrics_host: str = Field(
        "127.0.0.1", description="The address of that port. Keep it off the internet."
    )
    traces_url: ServiceUrl = Field(
        "",
        description="The receiver of traces (OpenTelemetry's OTLP over HTTP), such as"
        " http://127.0.0.1:4318/v1/traces; unset: traces are not sent.",
    )
    traces_share: float = Field(
        0.05, ge=0, le=1, description="The share of traces started in this process that are sent."
    )

    company_name: str = Field("Энергосбыт", description="The supplier's name in mails.")
    security_contact: str = Field(
        "",
        description="The contact in /.well-known/security.txt, mailto:… or https://…; unset: the"
        " file doesn't exist.",
    )
    mail_from: MailAddress = Field(
        "", description="The sender of mails; unset: no-reply@ and the public host."
    )
    mails_per_second: float = Field(
        10, gt=0, description="Limit of notices sent by mail per second."
    )
    smsc_url: ServiceUrl = Field("https://smsc.ru", description="The address of the SMS gateway.")
    smsc_login: str = Field("", description="The login at smsc.ru; unset: SMS are not offered.")
    smsc_password: SecretStr = Field(SecretStr(""), description="The password at smsc.ru.")
    sms_sender: str = Field("", description="A sender name that is registered at smsc.ru.")
    sms_per_second: float = Field(5, gt=0, description="Limit of notices sent by SMS per second.")
    upload_megabytes: int = Field(
        10, ge=1, le=100, description="Size limit of an uploaded file, in megabytes."
    )
    uploads_per_day: int = Field(
        50, ge=1, description="Limit of uploaded files per customer and day."
    )
    upload_megabytes_per_day: int = Field(
        100, ge=10, description="Limit of uploaded megabytes per customer and day."
    )
    time_zone: ZoneInfo = Field(
        ZoneInfo("Asia/Novokuznetsk"),
        description="The company's time zone, by which days and months are billed.",
    )
    account_number_pattern: Pattern = Field(
        "[0-9]{10,12}", description="A regular expression for account numbers («лицевой счёт»)."
    )
    acquirer_url: ServiceUrl = Field(
        "https://api.yookassa.ru/v3", description="The address of the acquirer's API v3 (ЮKassa)."
    )
    acquirer_shop: str = Field(
        "", description="The shop's id at the acquirer; unset: payments are off."
    )
    acquirer_secret: SecretStr = Field(SecretStr(""), description="The shop's secret key.")
    receipt_url: ReceiptUrl = Field(
        "", description="The page of a fiscal receipt: https://…/{storage}/{number}/{attribute}."
    )
    payment_period: Literal["MMYYYY", "MMYY"] = Field(
        "MMYYYY",
        description="The format of the month in the payment code of a receipt; banks differ.",
    )
    receipt_days: int = Field(
        40,
        ge=2,
        description="Days after which an unread printed receipt is deleted and printed anew.",
    )
    audit_months: int | None = Field(
        None,
        ge=12,
        description="Whole months for which the staff's audit log is kept; unset: without limit.",
    )
    import_drastic_share: float = Field(
        2,
        ge=0,
        le=100,
        description="The share of linked accounts, in percent, that an import may change to the"
        " customers' loss without a confirmation.",
    )
    import_drastic_minimum: int = Field(
        10,
        ge=0,
        description="The number that is always permitted: at most half of the accounts, or two.",
    )
    password_strict: bool = Field(
        default=False, description="Whether passwords are Latin letters and digits only."
    )

    graphiql: bool = Field(default=False, description="Whether /graphiql is served.")
    introspection: bool = Field(default=False, description="Whether clients may read the schema.")
    trusted_documents: Path | None = Field(
        None, description="The manifest of trusted documents, by SHA-256."
    )
    trusted_documents_only: bool = Field(
        default=False, description="Whether only trusted documents are executed."
    )
    request_head_timeout: float = Field(
        10, gt=0, description="Seconds within which a request's head must arrive."
    )
    request_body_timeout: float = Field(
        15, gt=0, description="Seconds within which a request's body must arrive."
    )
    max_requests: int = Field(
        200,
        ge=2,
        description="Concurrent GraphQL operations per process: beyond it, all are refused with"
        " 503; large queries beyond three quarters, writes beyond a half; fewer in a slow process.",
    )
    max_sign_ins: int = Field(
        8, ge=1, description="The same limit for sign-ins, which wait for password hashing."
    )
    max_body_bytes: int = Field(128 * 1024, ge=1024, description="The largest request body.")
    max_tokens: int = Field(2000, ge=500, description="The longest GraphQL document, in tokens.")
    max_depth: int = Field(16, ge=14, description="The deepest operation; introspection needs 14.")
    max_cost: int = Field(5000, ge=1, description="The largest cost of an operation, in points.")
    cost_limit: int = Field(
        10_000, ge=1, description="The size of a client's token bucket, in points."
    )
    cost_refill_per_second: float = Field(
        100, gt=0, description="Points by which a client's bucket refills per second."
    )
    cost_session_factor: int = Field(
        3, ge=1, description="The factor by which a session's bucket is larger and refills faster."
    )
    cost_processes: int | None = Field(
        None,
        ge=1,
        description="The number of server processes on all machines; each has its part of a"
        " client's bucket. Unset: LK_WORKERS.",
    )
    valkey_url: ValkeyUrl = Field(
        SecretStr(""),
        description="Valkey or Redis, through which the processes share the buckets:"
        " valkey://host:6379, or valkeys:// for TLS; unset: each process has its own part.",
    )

    @property
    def direct_dsn(self) -> str:
        """The address without a pooler, for connections that need a PostgreSQL session."""
        return (self.direct_database_url or self.database_url).get_secret_value()

    @property
    def company(self) -> Company:
        return Company(
            self.company_name,
            self.public_url,
            self.time_zone,
            cabinet_url=self.cabinet_url,
            page_origins=tuple(filter(None, (self.public_url, *self.allowed_origins))),
            account_number_pattern=self.account_number_pattern,
            payment_period=self.payment_period,
            receipt_retention=timedelta(days=self.receipt_days),
            audit_months=self.audit_months,
            import_drastic_share=self.import_drastic_share,
            import_drastic_minimum=self.import_drastic_minimum,
        )

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """The origins of pages, besides the public one."""
        return (*self.cors_origins, *filter(None, [self.cabinet_url]))

    @property
    def signer(self) -> Signer:
        """The signer with all keys. Raises ValueError without `LK_SECRET_KEY`."""
        newest, *accepted = _bytes_of((self.secret_key, *self.secret_keys_accepted))
        # without LK_FACTOR_KEY the newest key is LK_SECRET_KEY, also while others are accepted
        factors = (self.factor_key, *self.factor_keys_accepted)
        if self.factor_keys_accepted and not self.factor_key:
            factors = (self.secret_key, *self.factor_keys_accepted)
        return Signer(newest, tuple(accepted), tuple(_bytes_of(filter(None, factors))))

    @property
    def sender(self) -> str:
        return self.mail_from or f"no-reply@{ascii_host(self.public_url)}"

    @property
    def company_words(self) -> frozenset[str]:
        """The words that new passwords can't contain."""
        hosts = [urlsplit(url).hostname or "" for url in (self.public_url, self.cabinet_url)]
        return words_of(self.company_name, *hosts)

    @property
    def mail_hostname(self) -> str:
        """The name of the public host for SMTP's EHLO."""
        return smtp_name(ascii_host(self.public_url))

    def require(self, *names: str) -> None:
        """Require settings. Raises `InvalidSettings` with a sentence for each missing one."""
        missing = [_missing(name) for name in names if not getattr(self, name)]
        if missing:
            raise InvalidSettings(missing)

    def require_production(self) -> None:
        """Require the settings of a production server. Raises `InvalidSettings`."""
        self.require(*REQUIRED_IN_PRODUCTION)
        if self.database_pooling and not self.direct_database_url:
            raise InvalidSettings([_NO_DIRECT_ADDRESS])
        insecure = [
            f"{variable_of(name)} must be https://, because browsers refuse the session's cookie"
            " over http."
            for name in ("public_url", "cabinet_url")
            if _is_insecure(getattr(self, name))
        ]
        if insecure:
            raise InvalidSettings(insecure)


def _is_insecure(address: str) -> bool:
    url = urlsplit(address)
    return url.scheme == "http" and url.hostname not in LOOPBACK


def variable_of(name: str) -> str:
    return f"{PREFIX}{name.upper()}"


def _missing(name: str) -> str:
    description = Settings.model_fields[name].description
    variable = variable_of(name)
    return f"{variable} is not set. {description} For example: export {variable}={EXAMPLES[name]}"


def read(**overrides: Any) -> Settings:
    """Read the settings; `overrides` take precedence. Raises `InvalidSettings`."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise InvalidSettings([*_sentences(error)]) from None


def _sentences(validation: ValidationError) -> Iterator[str]:
    for error in validation.errors(include_url=False, include_context=False, include_input=False):
        name = str(error["loc"][0])
        yield f"{variable_of(name)}: {error['msg'].removeprefix('Value error, ')}."


def _bytes_of(secrets: Iterable[SecretStr]) -> list[bytes]:
    return [secret.get_secret_value().encode() for secret in secrets]
