"""Validation and publication of the supplier's requisites."""

from datetime import date

import pytest

from lk_graphql.billing.models import Supplier
from lk_graphql.billing.service.requisites import (
    InvalidRequisites,
    RequisitesChanged,
    publish,
    requisites_in,
    supplier_on,
)
from lk_graphql.demo.data.requisites import TEXT


@pytest.mark.parametrize(
    ("valid", "invalid", "message"),
    [
        ('"4299999993"', '"4299999994"', "inn: its control key is wrong"),
        ('"1024200000000"', '"1024200000001"', "ogrn: its control key is wrong"),
        ('"429901001"', '"4299"', "kpp: it has nine characters"),
        ("40702810600000000001", "40702810600000000002", "account: its control key doesn't fit"),
        ("30101810800000000999", "30101810800000000998", "correspondent_account: its control key"),
        ('bic = "043207999"', 'bic = "143207999"', "bic: a Russian bank's"),
        ("bank_name", "bank", "bank_name: Field required"),
        ("office_hours =", "office_hours", "It isn't TOML"),
    ],
)
def test_a_fault_is_told(valid: str, invalid: str, message: str):
    assert valid in TEXT
    with pytest.raises(InvalidRequisites, match=message):
        requisites_in(TEXT.replace(valid, invalid))


async def test_a_later_row_takes_over_on_its_day(database: str):
    requisites = requisites_in(TEXT)
    later = requisites.model_copy(
        update={"valid_from": date(2027, 1, 1), "phone": "8 800 000-00-00"}
    )
    assert [await publish(requisites), await publish(later), await publish(requisites)] == [
        True,
        True,
        False,
    ]
    phones = [
        supplier.phone if (supplier := await supplier_on(day)) else None
        for day in (date(2009, 12, 31), date(2026, 12, 31), date(2027, 1, 1))
    ]
    assert phones == [None, requisites.phone, later.phone]


async def test_what_is_published_stays(database: str):
    requisites = requisites_in(TEXT)
    await publish(requisites)
    with pytest.raises(RequisitesChanged, match="2010-01-01"):
        await publish(requisites.model_copy(update={"phone": "8 800 000-00-00"}))
    assert (await Supplier.get()).phone == requisites.phone
