"""Some months of the model supplier with readings and payments, as files."""

from datetime import date, datetime
from random import Random

from . import population
from .model.bills import Bill
from .model.days import ZONE, last_day, later
from .model.files import File, Style
from .model.postings import Posting
from .model.supplier import Supplier

AS_OF = datetime(2026, 11, 22, 18, tzinfo=ZONE)


def play(seed: int, months: int, style: Style) -> tuple[Supplier, list[File]]:
    """All files of the months until October 2026, in the order of docs/import.md."""
    chance = Random(seed)
    supplier = population.supplier(seed, 30, later(date(2026, 11, 1), -months))
    bills: list[Bill] = []
    for _ in range(months):
        period = supplier.open_month
        population.read_all(supplier, chance, period, share=0.8)
        for number in [*supplier.accounts][::3]:
            paid_on = period.replace(day=9)
            money = Posting(f"Б-{number}-{period:%m}", number, 50_000, paid_on, paid_on, "Сбербанк")
            supplier.book(money)
        bills += supplier.close_month()
    first, last = later(supplier.start, -1), last_day(bills[-1].period)
    return supplier, [
        *supplier.rule_files(style),
        *supplier.account_files(AS_OF, style),
        *supplier.meter_files(style),
        *supplier.reading_files(first, last, style),
        *supplier.bill_files(bills, AS_OF, style),
        *supplier.payment_files(first, last, AS_OF, style),
    ]
