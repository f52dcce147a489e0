"""The supplier whose cabinet this is: what mails, links and windows need to know of it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Company:
    """`public_url` has no slash at its end; links in mails are made from it.

    `account_number_pattern` is a regular expression for the whole of an account's number;
    `payment_period` says how a payment's code writes its month (`billing.service.payment_code`),
    `receipts_kept` how long a printed receipt waits for the next reader.
    """

    name: str
    public_url: str
    zone: ZoneInfo
    account_number_pattern: str = "[0-9]{10,12}"
    payment_period: str = "MMYYYY"
    receipts_kept: timedelta = timedelta(days=40)

    def today(self, now: datetime) -> date:
        """The day of a moment in the company's zone, to which windows and due dates refer."""
        return now.astimezone(self.zone).date()
