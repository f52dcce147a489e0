"""Imports of the billing system's files as staff see them."""

from datetime import datetime

from lk_graphql.exchange import models
from lk_graphql.kit.viewer import Role
from lk_graphql.reads.declare import Node, StaffOnly, choices, column, reads, related
from lk_graphql.reads.filters import any_of, at_least, at_most, filters

CLERK = StaffOnly(Role.CLERK)

choices(
    models.ImportKind,
    "What an import brings.",
    ACCOUNTS="Accounts and their holders («лицевые счета»).",
    METERS="Meters and their registers («приборы учёта»).",
    READINGS="Readings, and billing's answers to those of customers («показания»).",
    INVOICES="Bills with their lines, and balances («начисления»).",
    PAYMENTS="Payments that billing has posted, and balances («оплаты»).",
    TARIFFS="Tariffs, and what else is set by law and orders.",
)
choices(
    models.ImportState,
    "How far an import has come, or how it ended; only one that is done has changed anything.",
    RUNNING="It runs; until it is done, the cabinet shows what it showed before.",
    DONE="Its good rows are there («загружено»).",
    CHECKED="It was a trial («проверено»): all was taken back.",
    REFUSED="A row was bad and all of them were wanted, or a control total differed.",
    FAILED="It broke off; the reason says where.",
    INTERRUPTED="Its process ended before it.",
)


@reads(models.ImportFile, owned_through=CLERK)
class StaffImportFile:
    """A file that was imported."""

    name: str = column("What it was called.")
    sha256: str = column("The SHA-256 of what stood in it, in hexadecimal digits.")


@reads(models.ImportRun, prefix="imp", owned_through=CLERK)
class StaffImportRun(Node):
    """An import of files of the billing system («загрузка»)."""

    kind: models.ImportKind = column("What it brings.")
    state: models.ImportState = column("How far it has come, or how it ended.")
    as_of: datetime = column("As of when the files are; an older one leaves newer rows alone.")
    started_at: datetime = column("When it began.")
    finished_at: datetime | None = column("When it ended; null while it runs.")
    rows_read: int = column("Rows read so far.")
    rows_loaded: int = column("Rows that were new or had changed; others are left as they are.")
    errors: int = column("Rows that were refused; the operator's report lists them.")
    reason: str | None = column("Why nothing was loaded; null otherwise.")
    files: list[StaffImportFile] = related("What was read.", order_by="name")


@filters
class StaffImportFilterInput:
    """Which imports to show; all that isn't said goes."""

    kinds: list[models.ImportKind] | None = any_of("Only of these kinds.", of="kind")
    states: list[models.ImportState] | None = any_of("Only in these states.", of="state")
    from_: datetime | None = at_least("Begun at this moment or later.", of="started_at")
    to: datetime | None = at_most("Begun at this moment or before.", of="started_at")
