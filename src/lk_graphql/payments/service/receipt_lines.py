"""Lines of a fiscal receipt: the debts, penalties and advance that an amount pays, and their VAT.

An amount settles debts, the oldest month first, then penalties; the rest is an advance (decision
0042). A debt has the VAT rate of its supply, an advance has the rate of its day, and a penalty has
no VAT (decision 0126).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import combinations

from lk_graphql.billing.models import Invoice, InvoiceLine, LineKind, VatRate
from lk_graphql.billing.service.charges import percent_of, percent_on
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import shift
from lk_graphql.payments.models import PaymentLineKind

MAX_KWH = Decimal("99999.999")
"""The largest quantity of a line (ЮKassa, `receipt.items.quantity`)."""


@dataclass(frozen=True)
class OpenMonth:
    """The open debt and penalty of a bill, or of no bill (`invoice` is None)."""

    invoice: Invoice | None
    debt: Kopecks
    penalty: Kopecks


@dataclass(frozen=True)
class SettledLine:
    """A line of a fiscal receipt; `amount` includes VAT.

    `first_period` and `period` are the first and the last month; None where no bill explains the
    amount. Volume and price are set only if the amount is exactly their product.
    """

    kind: PaymentLineKind
    amount: Kopecks
    vat_percent: Decimal | None = None
    first_period: date | None = None
    period: date | None = None
    service: str | None = None
    quantity_kwh: Decimal | None = None
    kopecks_per_kwh: Kopecks | None = None

    def part(self, amount: int) -> "SettledLine":
        """Return the line with another amount, without volume and price, which no longer fit."""
        if amount == self.amount:
            return self
        return replace(self, amount=Kopecks(amount), quantity_kwh=None, kopecks_per_kwh=None)


def due_lines(
    months: Sequence[OpenMonth],
    lines: Iterable[InvoiceLine],
    rates: Sequence[VatRate],
    *,
    oldest_bill: date,
) -> list[SettledLine]:
    """Return the lines of all open amounts, in the order of payment.

    `lines` are the lines of the open bills. `oldest_bill` is the month of the account's first bill,
    or the current month. A debt that no bill explains has the rate of the month before
    `oldest_bill` (decision 0126). Raises `VatRateNotFound`.
    """
    of_bill: dict[object, list[InvoiceLine]] = {}
    for line in lines:
        of_bill.setdefault(line.invoice_id, []).append(line)
    debts: list[SettledLine] = []
    for month in months:
        if month.debt and month.invoice is None:
            percent = percent_of(shift(oldest_bill, -1), rates)
            debts.append(SettledLine(PaymentLineKind.DEBT, month.debt, percent))
        elif month.debt and month.invoice is not None:
            charges = _charges(month.invoice, of_bill.get(month.invoice.id, []), rates)
            debts += _rest(charges, sum(line.amount for line in charges) - month.debt)
    return [*debts, *(_penalty(month) for month in months if month.penalty)]


def _penalty(month: OpenMonth) -> SettledLine:
    period = month.invoice and month.invoice.period
    return SettledLine(PaymentLineKind.PENALTY, month.penalty, first_period=period, period=period)


def _charges(
    bill: Invoice, lines: Sequence[InvoiceLine], rates: Sequence[VatRate]
) -> list[SettledLine]:
    """Return a bill's charges by rate and service, the oldest supply first.

    Credits settle the charges in this order. If the lines don't add up to the bill's charges and
    recalculations, the result is a single charge.
    """
    percent, total = percent_of(bill.period, rates), bill.charged + bill.recalculated
    groups: dict[tuple[Decimal, str], list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault((_percent(line, bill, rates), line.service), []).append(line)
    charges = [
        _charge(bill, group, rate, service, is_earlier=rate != percent)
        for (rate, service), group in groups.items()
    ]
    if sum(charge.amount for charge in charges) != total:
        whole = SettledLine(PaymentLineKind.DEBT, Kopecks(total), percent, bill.period, bill.period)
        return [whole]
    charges.sort(key=lambda charge: charge.period or bill.period)
    credit = -sum(charge.amount for charge in charges if charge.amount < 0)
    return _rest([charge for charge in charges if charge.amount > 0], credit)


def _percent(line: InvoiceLine, bill: Invoice, rates: Sequence[VatRate]) -> Decimal:
    """Return the rate of the month of supply; for a correction, of the last corrected month."""
    return percent_of(min(line.corrects_to or bill.period, bill.period), rates)


def _charge(
    bill: Invoice, lines: Sequence[InvoiceLine], percent: Decimal, service: str, *, is_earlier: bool
) -> SettledLine:
    """Return the sum of lines of one service and rate.

    The months are those of earlier supplies if `is_earlier`, and the bill's own otherwise.
    """
    months = [month for line in lines for month in (line.corrects_from, line.corrects_to) if month]
    first, last = (min(months), max(months)) if is_earlier else (bill.period, bill.period)
    amount = Kopecks(sum(line.amount for line in lines))
    charge = SettledLine(PaymentLineKind.DEBT, amount, percent, first, last, service)
    only = lines[0] if len(lines) == 1 else None
    if only is None or only.kind is not LineKind.ENERGY:
        return charge
    return _measured(charge, only.quantity_kwh, only.rubles_per_kwh)


def _measured(charge: SettledLine, kwh: Decimal | None, price: Decimal | None) -> SettledLine:
    """Add volume and price if the amount is exactly their product."""
    if not kwh or not price or not 0 < kwh <= MAX_KWH:
        return charge
    kopecks = price * 100
    if kopecks != int(kopecks) or kwh * kopecks != charge.amount:
        return charge
    return replace(charge, quantity_kwh=kwh, kopecks_per_kwh=Kopecks(int(kopecks)))


def allocate(
    amount: int, due: Iterable[SettledLine], *, today: date, rates: Sequence[VatRate]
) -> list[SettledLine]:
    """Allocate an amount to the due lines in their order; the rest is an advance.

    The returned lines sum to `amount`. Raises `VatRateNotFound`.
    """
    lines: list[SettledLine] = []
    for line in due:
        if paid := min(amount, line.amount):
            lines.append(line.part(paid))
            amount -= paid
    if amount:
        percent = percent_on(today, rates)
        lines.append(SettledLine(PaymentLineKind.ADVANCE, Kopecks(amount), percent))
    return lines


def _rest(lines: Iterable[SettledLine], settled: int) -> list[SettledLine]:
    """Return the rest of the lines after the first `settled` kopecks."""
    rest: list[SettledLine] = []
    for line in lines:
        paid = min(settled, line.amount)
        settled -= paid
        if paid < line.amount:
            rest.append(line.part(line.amount - paid))
    return rest


def group_oldest(
    parts: Sequence[Sequence[SettledLine]], limit: int
) -> list[tuple[SettledLine, ...]]:
    """Merge the oldest months until all parts have at most `limit` lines together.

    Only lines of one kind and rate are merged, first in the part with the most lines. The result
    has more lines than `limit` only if no two lines can be merged.
    """
    groups = [list(part) for part in parts]
    while sum(map(len, groups)) > limit:
        for lines in sorted(groups, key=len, reverse=True):
            if _merge_oldest(lines):
                break
        else:
            break
    return [tuple(lines) for lines in groups]


def _merge_oldest(lines: list[SettledLine]) -> bool:
    """Merge the first two mergeable lines in place; return False if there are none."""
    for first, second in combinations(range(len(lines)), 2):
        older, newer = lines[first], lines[second]
        if _may_merge(older, newer):
            merged = older.part(older.amount + newer.amount)
            service = older.service if older.service == newer.service else None
            lines[first] = replace(merged, period=newer.period, service=service)
            del lines[second]
            return True
    return False


def _may_merge(older: SettledLine, newer: SettledLine) -> bool:
    return (older.kind, older.vat_percent) == (newer.kind, newer.vat_percent) and (
        older.period is not None and newer.period is not None
    )
