"""Payloads and errors of the payment mutations."""

from datetime import datetime

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.mutation import UserError, errors, outcome
from lk_graphql.billing.types.objects import Invoice
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.payments.errors import PaymentErrorCode
from lk_graphql.payments.models import PaymentLineKind, PaymentTerms
from lk_graphql.payments.service.receipt_lines import SettledLine
from lk_graphql.payments.service.review import MAX_PARTS, Review, ReviewedPart
from lk_graphql.payments.types.objects import Payment, vat
from lk_graphql.planner.declare.scalars import Money, Period, Quantity
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.planner.types import choices

choices(
    PaymentErrorCode,
    "Why something about a payment was refused. Codes never change.",
    ACCOUNT_NOT_FOUND="There is no such account among yours.",
    ACCOUNT_REPEATED="The account is in the payment twice.",
    AMOUNT_CHANGED="`total` isn't what it comes to now: show the review again.",
    AMOUNT_TOO_LARGE="More than one payment may be; the review says how much that is.",
    AMOUNT_TOO_SMALL="Less than a payment may be; the review says how much that is.",
    IDEMPOTENCY_CONFLICT="The key was used for another request: take a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is a good one.",
    INVOICE_NOT_FOUND="The account has no such bill.",
    NUMBER_MALFORMED="A number isn't written as one; nothing else was looked at.",
    NOTHING_TO_PAY="Nothing is due: say an amount to pay ahead.",
    PARTS_INVALID="A payment is for 1 to 10 accounts.",
    PAYMENT_OPEN="A payment with a part of this one is under way; the message has its number.",
    PAYMENTS_CLOSED="The supplier doesn't take payments by card now.",
    RETURN_URL_INVALID="`returnUrl` is no page of an allowed origin.",
    TOO_MANY_TRIES="Wait until `retryAt`.",
)


@object_type
class PaymentError(UserError):
    """Why something about a payment was refused."""

    code: PaymentErrorCode = strawberry.field(description="The reason, for programs.")
    retry_at: datetime | None = strawberry.field(
        default=None, description="When to try again; only with `TOO_MANY_TRIES`."
    )


@object_type
class PaymentPayer:
    """Who pays («плательщик»), as the profile has it."""

    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(description="The patronymic («отчество»).")
    email: str = strawberry.field(description="Where the receipt goes.")
    phone: str = strawberry.field(description="The telephone.")


@object_type
class PaymentPreviewLine:
    """A line of a payment as it would be on the fiscal receipt («чек»)."""

    kind: PaymentLineKind = strawberry.field(description="What it is for.")
    service: str | None = strawberry.field(
        description="The service, in the billing system's words; as `PaymentLine.service`."
    )
    first_period: Period | None = strawberry.field(
        description="The first month, where old months are taken together."
    )
    period: Period | None = strawberry.field(
        description="The month of the supply, or the penalty's bill; null where no bill explains "
        "it."
    )
    amount: Money = strawberry.field(description="How much, VAT included.")
    vat_percent: Quantity | None = strawberry.field(
        description="The VAT rate («ставка НДС»); null where there is no VAT."
    )
    vat: Money | None = strawberry.field(
        description="The VAT in `amount` («в том числе НДС»); null where there is none."
    )

    @classmethod
    def of(cls, line: SettledLine) -> "PaymentPreviewLine":
        included = vat(line.amount, line.vat_percent)
        return cls(
            kind=line.kind,
            service=line.service,
            first_period=line.first_period and Period(line.first_period),
            period=line.period and Period(line.period),
            amount=Money(line.amount),
            vat_percent=None if line.vat_percent is None else Quantity(line.vat_percent),
            vat=None if included is None else Money(included),
        )


@object_type
class PaymentPreviewPart:
    """One account of the review page."""

    account: Account | None = strawberry.field(description="The account.")
    account_number: str = strawberry.field(description="Its number («лицевой счёт»).")
    contract_number: str = strawberry.field(description="The contract («номер договора»).")
    address: str = strawberry.field(description="Where the energy goes.")
    invoice: Invoice | None = strawberry.field(description="The bill; null before the first.")
    invoice_number: str | None = strawberry.field(description="Its number («номер счёта»).")
    period: Period | None = strawberry.field(description="The bill's month («за какой период»).")
    debt: Money = strawberry.field(description="Owed for energy («задолженность»).")
    penalty: Money = strawberry.field(description="Owed as penalty («пени»).")
    overpayment: Money = strawberry.field(description="Paid ahead before («переплата»).")
    processing: Money = strawberry.field(
        description="Paid here and not counted by billing yet («в обработке»)."
    )
    amount_due: Money = strawberry.field(
        description="Debt and penalty, less `overpayment` and what is processing. Never negative."
    )
    amount: Money = strawberry.field(description="What would be paid («сумма оплаты»).")
    advance: Money = strawberry.field(description="The part of it beyond what is due («аванс»).")
    lines: list[PaymentPreviewLine] = strawberry.field(
        description="What it pays, line by line: debts, the oldest first, then penalties, then an "
        "advance. They are fixed when the payment is started."
    )

    @classmethod
    def of(cls, part: ReviewedPart, rows: RowReader) -> "PaymentPreviewPart":
        return cls(
            account=rows.by_key(Account, part.account.id),
            account_number=part.account.number,
            contract_number=part.account.contract_number,
            address=part.account.address,
            invoice=part.invoice and rows.by_key(Invoice, part.invoice.id),
            invoice_number=part.invoice and part.invoice.number,
            period=part.invoice and Period(part.invoice.period),
            debt=Money(part.owed.debt),
            penalty=Money(part.owed.penalty),
            overpayment=Money(part.owed.overpayment),
            processing=Money(part.owed.processing),
            amount_due=Money(part.owed.amount_due),
            amount=Money(part.amount),
            advance=Money(part.advance),
            lines=[PaymentPreviewLine.of(line) for line in part.lines],
        )


@object_type
class PaymentPreview:
    """The review page («проверьте данные»): all there is to agree to."""

    payer: PaymentPayer = strawberry.field(description="Who pays.")
    parts: list[PaymentPreviewPart] = strawberry.field(description="For which accounts.")
    amount: Money = strawberry.field(description="What goes to accounts.")
    commission: Money = strawberry.field(description="What is paid besides («комиссия»).")
    total: Money = strawberry.field(description="What the card would be charged.")
    minimum: Money = strawberry.field(description="The least that `amount` may be.")
    maximum: Money = strawberry.field(description="The most that `amount` may be.")

    @classmethod
    def of(cls, review: Review, rows: RowReader) -> "PaymentPreview":
        payer = review.payer
        return cls(
            payer=PaymentPayer(
                last_name=payer.last_name,
                first_name=payer.first_name,
                patronymic=payer.patronymic,
                email=payer.email,
                phone=payer.phone,
            ),
            parts=[PaymentPreviewPart.of(part, rows) for part in review.parts],
            amount=Money(review.amount),
            commission=Money(review.commission),
            total=Money(review.total),
            minimum=Money(review.terms.minimum),
            maximum=Money(review.terms.maximum),
        )


@object_type
class PaymentRules:
    """What a payment may be («условия оплаты»)."""

    minimum: Money = strawberry.field(description="The least that all its parts may be together.")
    maximum: Money = strawberry.field(description="The most that they may be together.")
    commission_percent: Quantity = strawberry.field(
        description="What is paid besides, in percent of it («комиссия»)."
    )
    most_parts: int = strawberry.field(description="How many accounts one payment is for.")


def payment_rules(terms: PaymentTerms) -> PaymentRules:
    return PaymentRules(
        minimum=Money(terms.minimum),
        maximum=Money(terms.maximum),
        commission_percent=Quantity(terms.commission_percent),
        most_parts=MAX_PARTS,
    )


@object_type
class PaymentPreviewPayload:
    """The outcome of `paymentPreview`."""

    preview: PaymentPreview | None = outcome("What to show for confirmation.")
    errors: list[PaymentError] = errors()


@object_type
class PaymentStartPayload(ViewerPayload):
    """The outcome of `paymentStart`."""

    payment: Payment | None = outcome("The payment; send the customer to its `pageUrl`.")
    errors: list[PaymentError] = errors()
