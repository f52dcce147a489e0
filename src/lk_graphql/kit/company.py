"""The supplier as the cabinet presents it: its name, addresses and time zone, and its own rules."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Company:
    """The supplier. Templates of mails and pages know it as `company`."""

    name: str
    public_url: str
    """The address of this server, without a slash at its end."""
    zone: ZoneInfo
    cabinet_url: str = ""
    """The address of a frontend with pages of its own; empty without one."""
    page_origins: tuple[str, ...] = ()
    """The origins of the pages to which the acquirer may redirect a customer."""
    account_number_pattern: str = "[0-9]{10,12}"
    """A regular expression for a whole account number."""
    payment_period: str = "MMYYYY"
    """The format of the month in a payment code."""
    receipt_retention: timedelta = timedelta(days=40)
    """The time after which an unread printed receipt is deleted."""
    audit_months: int | None = None
    """The number of whole months for which the audit log is kept; None is no limit."""
    import_drastic_share: float = 2
    import_drastic_minimum: int = 10
    """The linked accounts, in percent and at least, that an import may change to the customers'
    loss without a confirmation."""

    @property
    def pages_url(self) -> str:
        """The base of links to pages, in mails and elsewhere; without a slash at its end."""
        return self.cabinet_url or self.public_url

    def today(self, now: datetime) -> date:
        """The date of `now` in the company's time zone; windows and due dates are in that zone."""
        return now.astimezone(self.zone).date()
