"""The supplier's data for mails, links and reading windows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Company:
    """The supplier. `public_url` is the address of this server, without a slash at its end.

    `cabinet_url` is the address of a frontend with pages of its own, empty without one;
    `page_origins` are the origins of pages to which the acquirer may redirect a customer;
    `account_number_pattern` is a regular expression for a whole account number; `payment_period` is
    the format of the month in a payment code (`billing.service.payment_code`);
    `receipt_retention` is the time after which an unread printed receipt is deleted; `audit_months`
    is the number of whole months for which the audit log is kept, None is no limit;
    `import_drastic_share` (percent) and `import_drastic_minimum` limit the linked accounts that an
    import may change to the customers' loss without a confirmation
    (`exchange.models.ImportImpact.objection`).
    """

    name: str
    public_url: str
    zone: ZoneInfo
    account_number_pattern: str = "[0-9]{10,12}"
    payment_period: str = "MMYYYY"
    receipt_retention: timedelta = timedelta(days=40)
    import_drastic_share: float = 2
    import_drastic_minimum: int = 10
    cabinet_url: str = ""
    page_origins: tuple[str, ...] = ()
    audit_months: int | None = None

    @property
    def pages_url(self) -> str:
        """The base of links to pages, in mails and elsewhere; without a slash at its end."""
        return self.cabinet_url or self.public_url

    def today(self, now: datetime) -> date:
        """The date of `now` in the company's time zone; windows and due dates are in that zone."""
        return now.astimezone(self.zone).date()
