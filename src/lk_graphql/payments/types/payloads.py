"""Payloads and errors of the payment mutations."""

from datetime import datetime

import strawberry

from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.graphql_types import object_type
from lk_graphql.api.root_fields import UserError, errors, outcome
from lk_graphql.billing.types.objects import Invoice
from lk_graphql.identity.types.payloads import ViewerPayload
from lk_graphql.payments.errors import PaymentErrorCode
from lk_graphql.payments.models import PaymentLineKind, PaymentTerms
from lk_graphql.payments.service.preview import MAX_PARTS, PreviewedPart, PreviewedPayment
from lk_graphql.payments.service.receipt_lines import SettledLine
from lk_graphql.payments.types.objects import Payment, vat
from lk_graphql.planner.declare.scalars import Money, Period, Quantity
from lk_graphql.planner.resolvers.rows import RowReader
from lk_graphql.planner.types import choices

choices(
    PaymentErrorCode,
    "The reason for refusing an operation on a payment. Codes never change.",
    ACCOUNT_NOT_FOUND="The customer has no such account.",
    ACCOUNT_REPEATED="The account is in the payment twice.",
    AMOUNT_CHANGED="`total` differs from the current total: show the preview again.",
    AMOUNT_TOO_LARGE="The amount exceeds the maximum of a payment, which the preview shows.",
    AMOUNT_TOO_SMALL="The amount is below the minimum of a payment, which the preview shows.",
    IDEMPOTENCY_CONFLICT="The key was used for another request: choose a new one.",
    IDEMPOTENCY_KEY_INVALID="A key has 1 to 100 printable ASCII characters; a UUID is suitable.",
    INVOICE_NOT_FOUND="The account has no such bill.",
    NUMBER_MALFORMED="A number is malformed; nothing else was checked.",
    NOTHING_TO_PAY="Nothing is due: give an amount to pay in advance.",
    PARTS_INVALID="A payment is for 1 to 10 accounts.",
    PAYMENT_OPEN="A payment with a part of this one is open; the message has its number.",
    PAYMENTS_CLOSED="The supplier doesn't accept card payments now.",
    RETURN_URL_INVALID="`returnUrl` is not a page of an allowed origin.",
    TOO_MANY_TRIES="A limit on attempts is exhausted: wait until `retryAt`.",
)


@object_type
class PaymentError(UserError):
    """A refusal of an operation on a payment."""

    code: PaymentErrorCode = strawberry.field(description="The machine-readable reason.")
    retry_at: datetime | None = strawberry.field(
        default=None,
        description="With `TOO_MANY_TRIES`, the date and time from which another attempt may "
        "succeed.",
    )


@object_type
class PaymentPayer:
    """The payer («плательщик»), as in the profile."""

    last_name: str = strawberry.field(description="The last name («фамилия»).")
    first_name: str = strawberry.field(description="The first name («имя»).")
    patronymic: str | None = strawberry.field(description="The patronymic («отчество»).")
    email: str = strawberry.field(description="The e-mail address to which the receipt is sent.")
    phone: str = strawberry.field(description="The telephone number.")


@object_type
class PaymentPreviewLine:
    """A line of a payment as it would be on the fiscal receipt («чек»)."""

    kind: PaymentLineKind = strawberry.field(description="The kind of line.")
    service: str | None = strawberry.field(
        description="The service, in the billing system's words; as `PaymentLine.service`."
    )
    first_period: Period | None = strawberry.field(
        description="The first month, where old months are combined."
    )
    period: Period | None = strawberry.field(
        description="The month of the supply, or of the penalty's bill; null if no bill explains "
        "it."
    )
    amount: Money = strawberry.field(description="The amount of the line, VAT included.")
    vat_percent: Quantity | None = strawberry.field(
        description="The VAT rate («ставка НДС»); null if there is no VAT."
    )
    vat: Money | None = strawberry.field(
        description="The VAT included in `amount` («в том числе НДС»); null if there is none."
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
    """An account in the preview of a payment."""

    account: Account | None = strawberry.field(description="The account to pay to.")
    account_number: str = strawberry.field(description="The account's number («лицевой счёт»).")
    contract_number: str = strawberry.field(description="The contract's number («номер договора»).")
    address: str = strawberry.field(description="The postal address of the supplied home.")
    invoice: Invoice | None = strawberry.field(description="The bill; null before the first bill.")
    invoice_number: str | None = strawberry.field(description="The bill's number («номер счёта»).")
    period: Period | None = strawberry.field(description="The bill's month («за какой период»).")
    debt: Money = strawberry.field(description="The debt for energy («задолженность»).")
    penalty: Money = strawberry.field(description="The penalty owed («пени»).")
    overpayment: Money = strawberry.field(description="The amount paid in advance («переплата»).")
    processing: Money = strawberry.field(
        description="The amount paid in the cabinet and not yet posted by billing («в обработке»)."
    )
    amount_due: Money = strawberry.field(
        description="The amount due: debt and penalty, less `overpayment` and `processing`. Never "
        "negative."
    )
    amount: Money = strawberry.field(description="The amount that would be paid («сумма оплаты»).")
    advance: Money = strawberry.field(
        description="The part of the amount beyond the amount due («аванс»)."
    )
    lines: list[PaymentPreviewLine] = strawberry.field(
        description="The lines that it settles: debts, the oldest first, then penalties, then an "
        "advance. They are fixed when the payment is started."
    )

    @classmethod
    def of(cls, part: PreviewedPart, rows: RowReader) -> "PaymentPreviewPart":
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
    """The preview of a payment («проверьте данные»): everything that the customer confirms."""

    payer: PaymentPayer = strawberry.field(description="The payer.")
    parts: list[PaymentPreviewPart] = strawberry.field(
        description="The parts of the payment, one for each account."
    )
    amount: Money = strawberry.field(description="The amount to credit to accounts.")
    commission: Money = strawberry.field(
        description="The commission, charged in addition («комиссия»); it isn't refunded."
    )
    total: Money = strawberry.field(description="The amount to charge to the card.")
    minimum: Money = strawberry.field(description="The minimum of `amount`.")
    maximum: Money = strawberry.field(description="The maximum of `amount`.")

    @classmethod
    def of(cls, preview: PreviewedPayment, rows: RowReader) -> "PaymentPreview":
        payer = preview.payer
        return cls(
            payer=PaymentPayer(
                last_name=payer.last_name,
                first_name=payer.first_name,
                patronymic=payer.patronymic,
                email=payer.email,
                phone=payer.phone,
            ),
            parts=[PaymentPreviewPart.of(part, rows) for part in preview.parts],
            amount=Money(preview.amount),
            commission=Money(preview.commission),
            total=Money(preview.total),
            minimum=Money(preview.terms.minimum),
            maximum=Money(preview.terms.maximum),
        )


@object_type
class PaymentRules:
    """The limits and commission of a payment («условия оплаты»)."""

    minimum: Money = strawberry.field(description="The minimum amount of all parts together.")
    maximum: Money = strawberry.field(description="The maximum amount of all parts together.")
    commission_percent: Quantity = strawberry.field(
        description="The commission, charged in addition, in percent of the amount («комиссия»)."
    )
    most_parts: int = strawberry.field(description="The maximum number of accounts in one payment.")


def payment_rules(terms: PaymentTerms) -> PaymentRules:
    return PaymentRules(
        minimum=Money(terms.minimum),
        maximum=Money(terms.maximum),
        commission_percent=Quantity(terms.commission_percent),
        most_parts=MAX_PARTS,
    )


@object_type
class PaymentPreviewPayload:
    """The result of `paymentPreview`."""

    preview: PaymentPreview | None = outcome("The preview to show for confirmation.")
    errors: list[PaymentError] = errors()


@object_type
class PaymentStartPayload(ViewerPayload):
    """The result of `paymentStart`."""

    payment: Payment | None = outcome(
        "The payment; redirect the customer to its `pageUrl`, or follow `paymentChanged` until "
        "there is one."
    )
    errors: list[PaymentError] = errors()
