"""`invoice.qrPayload` and `receiptUrl`: what a bank's app reads, and what a customer prints."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import ConfigDict, TypeAdapter

from lk_graphql.billing.service.payment_code import Payee, payload
from lk_graphql.billing.service.payment_orders import Asked, order
from lk_graphql.billing.service.receipts.links import PATH, sign
from lk_graphql.kit.company import Company
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.tokens import Links

PAYABLE_IN_SQL = """
SELECT json_build_object(
  'open', (
    SELECT coalesce(sum(i.unpaid), 0)::bigint FROM invoice i
    WHERE i.account_id = {account_id} AND i.period <= {period}
  ),
  'payee', (
    SELECT row_to_json(payee) FROM (
      SELECT s.name, s.account, s.bank_name, s.bic, s.correspondent_account, s.inn, s.kpp
      FROM supplier s WHERE s.valid_from <= {today} ORDER BY s.valid_from DESC LIMIT 1
    ) payee
  )
)"""
"""What is open of a bill and of those before it by now, and whom one pays today."""

_PAYEE = TypeAdapter(Payee | None, config=ConfigDict(defer_build=True))


def qr_payload(
    account__number: str,
    period: date,
    gis_document_id: str | None,
    payable: Mapping[str, Any],
    company: Company,
) -> str | None:
    amount = Kopecks(payable["open"])
    asked = Asked(account__number, period, amount, gis_document_id)
    found = order(asked, _PAYEE.validate_python(payable["payee"]))
    return payload(found, period_format=company.payment_period) if found else None


PRINTABLE_IN_SQL = """
SELECT to_json(count(*)) FROM supplier s WHERE s.valid_from <= {issued_on}"""
"""By how many versions of the requisites it is known whom the bill asks to pay."""


def receipt_url(
    pk: UUID, viewer: UUID | None, now: datetime, printable: int, company: Company, links: Links
) -> str | None:
    if viewer is None or not printable:
        return None
    return f"{company.public_url}{PATH}{sign(links, pk, viewer, now=now)}"
