"""`invoice.qrPayload`: what a bank's app reads off a receipt."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from lk_graphql.billing.service.payment_code import Payee, payload
from lk_graphql.billing.service.payment_orders import Asked, order
from lk_graphql.kit.company import Company
from lk_graphql.kit.money import Kopecks

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

_PAYEE = TypeAdapter(Payee | None)


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
