"""An account's bills by month, from readings, payments and the ledger."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from lk_graphql.accounts.models import Account
from lk_graphql.billing.models import (
    AccountBalance,
    Invoice,
    InvoiceLine,
    InvoicePenalty,
    InvoiceReading,
    LineKind,
    ReceivedPayment,
)
from lk_graphql.billing.service.charges import BilledEnergy
from lk_graphql.demo.data import rules
from lk_graphql.demo.data.debts import (
    BalanceSheet,
    Debt,
    Ledger,
    ReceivedAmount,
    Segment,
    accrue,
)
from lk_graphql.demo.data.household import Household
from lk_graphql.demo.data.invoice_lines import (
    SERVICE,
    ChargedLine,
    amount_of,
    energy_of,
    interruption,
    lines,
)
from lk_graphql.demo.data.payer_habits import AGENTS, PayerHabit
from lk_graphql.demo.data.readings import MonthRead
from lk_graphql.demo.data.rng import Keys, evening, seeded_random
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.periods import last_day, month_of, shift


@dataclass
class BillingHistory:
    """Billing's rows of an account; `bill` adds a month."""

    account: Account
    house: Household
    habit: PayerHabit
    keys: Keys
    today: date
    ledger: Ledger = field(default_factory=Ledger)
    estimated: list[date] = field(default_factory=list[date])
    billed: list[BilledEnergy] = field(default_factory=list[BilledEnergy])
    scheduled: list[ReceivedAmount] = field(default_factory=list[ReceivedAmount])
    invoices: list[Invoice] = field(default_factory=list[Invoice])
    lines: list[InvoiceLine] = field(default_factory=list[InvoiceLine])
    readings: list[InvoiceReading] = field(default_factory=list[InvoiceReading])
    penalties: list[InvoicePenalty] = field(default_factory=list[InvoicePenalty])
    payments: list[ReceivedPayment] = field(default_factory=list[ReceivedPayment])

    def bill(self, month: MonthRead) -> None:
        """Close a month: payments, charges, penalties, and the customer's next payment."""
        period, rng = month.period, seeded_random("bill", self.house.n, month.period)
        issued_on = min(rules.billing_days(period)[0], self.today)
        key = self.keys.new(issued_on)
        opening = self.ledger.balance
        paid = self._receive(last_day(period), key, rng)
        energy = lines(self.house, month, self.estimated, self.billed)
        charged = [*energy, *self._interruption(period, rng)]
        self.estimated = [*self.estimated, period] if month.is_estimated else []
        self.billed = [*energy_of(energy), *self.billed] if month.is_estimated else []
        penalties = self._penalise(period)
        sheet = BalanceSheet(
            opening,
            amount_of(charged, LineKind.ENERGY),
            amount_of(charged, LineKind.RECALCULATION),
            Kopecks(sum(segment.amount for _, segment in penalties)),
            paid,
        )
        invoice = self._invoice(key, period, issued_on, sheet, charged)
        self.invoices.append(invoice)
        self.lines += _line_rows(invoice, charged, self.keys)
        self.penalties += _penalty_rows(invoice, penalties, self.keys)
        self.readings += _reading_rows(invoice, month, self.keys)
        self._add_debt(invoice)
        invoice.closing_penalty = self.ledger.open_penalty
        if payment := self.habit.pay(invoice, rng):
            self.scheduled.append(payment)

    def close(self) -> AccountBalance:
        """Receive the payments since the last bill, and return the balance of yesterday evening."""
        yesterday = self.today - timedelta(days=1)
        self._receive(yesterday, None, seeded_random("since", self.house.n, self.today))
        for invoice in self.invoices:
            invoice.unpaid = self.ledger.open_of(invoice.period)
        penalty = self.ledger.open_penalty
        ahead = sum(advance.amount for advance in self.ledger.advances)
        debt = self.ledger.balance + ahead - penalty
        return AccountBalance.construct(
            id=self.keys.new(yesterday),
            account_id=self.account.id,
            debt=debt,
            penalty=penalty,
            overpayment=ahead,
            as_of=evening(yesterday),
            period=None,
        )

    def _receive(self, until: date, invoice_id: UUID | None, rng: Random) -> Kopecks:
        due = sorted((p for p in self.scheduled if p.on <= until), key=lambda p: p.on)
        self.scheduled = [p for p in self.scheduled if p.on > until]
        for payment in due:
            self.ledger = self.ledger.pay(payment)
            agent = self.habit.agent if rng.random() < 0.85 else rng.choice(AGENTS)
            self.payments.append(self._payment(payment, invoice_id, agent))
        return Kopecks(sum(payment.amount for payment in due))

    def _payment(
        self, payment: ReceivedAmount, invoice_id: UUID | None, agent: str
    ) -> ReceivedPayment:
        return ReceivedPayment.construct(
            id=self.keys.new(payment.on),
            account_id=self.account.id,
            invoice_id=invoice_id,
            external_id=f"{self.account.number}-{payment.on:%y%m%d}-{len(self.payments) + 1}",
            paid_on=payment.on,
            amount=payment.amount,
            agent=agent,
        )

    def _interruption(self, period: date, rng: Random) -> Iterator[ChargedLine]:
        """The recalculation for an interruption of supply in the previous month."""
        hours = rng.randint(3, 30) if rng.random() < 0.006 else 0
        if (featured := self.house.featured) and shift(period, 1) == month_of(self.today):
            hours = featured.hours_cut_off or hours
        if hours and self.invoices:
            yield interruption(self.invoices[-1], hours)

    def _penalise(self, period: date) -> list[tuple[Debt, Segment]]:
        return [
            (debt, segment)
            for debt in self.ledger.debts
            for segment in accrue(
                debt,
                since=period,
                until=last_day(period),
                rates=rules.rates(),
                steps=rules.penalty_steps(),
            )
        ]

    def _invoice(
        self,
        key: UUID,
        period: date,
        issued_on: date,
        sheet: BalanceSheet,
        charged: list[ChargedLine],
    ) -> Invoice:
        energy = (line.kwh or Decimal() for line in charged if line.kind is LineKind.ENERGY)
        return Invoice.construct(
            id=key,
            account_id=self.account.id,
            number=f"{self.account.number}-{period:%y%m}",
            period=period,
            issued_on=issued_on,
            due_on=rules.billing_days(period)[1],
            opening_balance=sheet.opening,
            charged=sheet.charged,
            recalculated=sheet.recalculated,
            penalty=sheet.penalty,
            paid=sheet.paid,
            closing_balance=sheet.closing,
            unpaid=0,
            consumption_kwh=sum(energy, Decimal()),
            gis_document_id=f"{self.account.unified_number}-01-{period:%y%m}",
        )

    def _add_debt(self, invoice: Invoice) -> None:
        amount = Kopecks(invoice.charged + invoice.recalculated)
        debt = Debt(invoice.period, invoice.due_on, amount)
        ledger = self.ledger.owe(debt, penalty=Kopecks(invoice.penalty))
        self.ledger = ledger.without_settled(before=shift(invoice.period, 1))


# Rows that belong to an invoice.


def _line_rows(invoice: Invoice, charged: Sequence[ChargedLine], keys: Keys) -> list[InvoiceLine]:
    return [
        InvoiceLine.construct(
            id=keys.new(invoice.issued_on),
            invoice_id=invoice.id,
            position=position,
            kind=line.kind,
            service=SERVICE,
            zone=line.zone,
            range_number=line.range_number,
            basis=line.basis,
            quantity_kwh=line.kwh,
            rubles_per_kwh=line.rubles_per_kwh,
            amount=line.amount,
            reason=line.reason,
            reason_code=line.reason_code,
            corrects_from=line.corrects and line.corrects[0],
            corrects_to=line.corrects and line.corrects[1],
            document=line.document,
        )
        for position, line in enumerate(charged, start=1)
    ]


def _penalty_rows(
    invoice: Invoice, segments: Sequence[tuple[Debt, Segment]], keys: Keys
) -> list[InvoicePenalty]:
    return [
        InvoicePenalty.construct(
            id=keys.new(invoice.issued_on),
            invoice_id=invoice.id,
            position=position,
            for_period=debt.period,
            debt=part.debt,
            first_day=part.first_day,
            last_day=part.last_day,
            rate_percent=part.percent,
            divisor=part.divisor,
            amount=part.amount,
        )
        for position, (debt, part) in enumerate(segments, start=1)
    ]


def _reading_rows(invoice: Invoice, month: MonthRead, keys: Keys) -> list[InvoiceReading]:
    return [
        InvoiceReading.construct(
            id=keys.new(invoice.issued_on),
            invoice_id=invoice.id,
            register_id=part.register.id,
            previous_id=part.previous.id,
            current_id=part.current.id,
            consumption_kwh=part.kwh,
        )
        for part in month.billed
    ]
