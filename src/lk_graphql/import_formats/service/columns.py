"""Columns, references and row checks that files of several subjects share."""

from lk_graphql.import_formats.service.records import FileColumn, RowCheck, RowReference
from lk_graphql.metering.models import Zone
from lk_graphql.tabular.value_formats import choice, matching, text

NUMBER_COLUMN = FileColumn(
    "number",
    matching("[0-9A-Za-z]{1,20}", "up to 20 digits"),
    "The number with leading zeros; that of a new account matches `LK_ACCOUNT_NUMBER_PATTERN`.",
)
NEW_NUMBER_CHECK = RowCheck(
    "BAD_FORM", "number", "r.is_new AND r.number !~ current_setting('lk.account_number_pattern')"
)
ACCOUNT_COLUMN = FileColumn(
    "account",
    text(20),
    "The number of the account («лицевой счёт»), with leading zeros.",
    target=None,
)
OF_ACCOUNT = RowReference(
    "account_id", ("account",), "SELECT id, number AS account FROM account", "ACCOUNT_UNKNOWN"
)
METER_COLUMN = FileColumn("meter", text(40), "The serial number of the meter.", target=None)
ZONE_COLUMN = FileColumn("zone", choice(Zone), "The tariff zone of the register («тарифная зона»).")
REGISTER_ZONE_COLUMN = FileColumn(
    "zone", choice(Zone), "The tariff zone of the register («тарифная зона»).", target=None
)
OF_REGISTER = RowReference(
    "register_id",
    ("account", "meter", "zone"),
    "SELECT g.id, a.number AS account, m.serial AS meter, g.zone FROM register g"
    " JOIN meter m ON m.id = g.meter_id JOIN account a ON a.id = m.account_id",
    "REGISTER_UNKNOWN",
)


def as_of_check(stamp: str = "as_of") -> RowCheck:
    """Check that refuses a row of the future, with which all later files would count as older."""
    return RowCheck("IN_FUTURE", "as_of", f"r.{stamp} > current_setting('lk.now')::timestamptz")


def day_check(column: str, days: str = "1") -> RowCheck:
    """Check that refuses a day more than `days` (SQL) ahead.

    Such a day has a mistyped year, or day and month in the wrong order. The default allows for
    programs in another time zone.
    """
    today = "current_setting('lk.now')::timestamptz::date"
    return RowCheck("IN_FUTURE", column, f"r.{column} > {today} + {days}")
