"""Validation and publication of the supplier's requisites."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from pydantic import ValidationError
from structlog.testing import capture_logs

from lk_graphql.billing.models import Invoice, Supplier
from lk_graphql.billing.service.payment_code import BillPayment, PayeeDetails, payment_code
from lk_graphql.billing.service.receipts.content import load_receipt
from lk_graphql.billing.service.receipts.render import drafts
from lk_graphql.billing.service.requisites import (
    InvalidRequisites,
    Requisites,
    RequisitesChanged,
    publish,
    requisites_in,
    supplier_on,
)
from lk_graphql.demo.data.requisites import TEXT
from lk_graphql.kit.money import Kopecks
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import given_account, given_link
from tests.factories.metering import TODAY
from tests.support.cli_process import lk
from tests.support.client import ApiClient
from tests.support.payment_code import parse

CODES = "{ viewer { accounts { invoices(first: 1) { qrPayload } } } }"


@pytest.mark.parametrize(
    ("valid", "invalid", "message"),
    [
        ('"4299999993"', '"4299999994"', "inn: its region or control key"),
        ('"1024200000000"', '"1024200000001"', "ogrn: its first digit"),
        ('"429901001"', '"4299"', "kpp: it has nine characters"),
        ("40702810600000000001", "40702810600000000002", "account: its control key doesn't fit"),
        ("30101810800000000999", "30101810800000000998", "correspondent_account: its control key"),
        ('bic = "043207999"', 'bic = "143207999"', "bic: a Russian bank's"),
        ('"4299999993"', '"0000000000"', "inn: its region"),
        ('"1024200000000"', '"0000000000000"', "ogrn: its first digit"),
        ('"429901001"', '"000000000"', "kpp: .*of zeros"),
        ('"043207999"', '"040000000"', "bic: a Russian bank's"),
        ("8 (3843) 00-00-00", "+7 000 000-00-00", "phone: .*is a number of zeros"),
        ("8 (3843) 00-00-04", "нет, 000-00-00", "emergency_phone: 000-00-00 is a number"),
        ("Пн–пт", "\\u0000Пн–пт", "office_hours: it has a control character"),
        ("bank_name", "bank", "bank_name: Field required"),
        ("office_hours =", "office_hours", "It isn't TOML"),
        ("2010-01-01", "9999-12-31", "valid_from: its year isn't"),
        ("2010-01-01", "0001-01-01", "valid_from: its year isn't"),
        ("2010-01-01", "0", "valid_from: it is a day"),
        ("2010-01-01", "1262304000", "valid_from: it is a day"),
        ('"ООО «Металлэнергофинанс» (демонстрация)"', '"\u3164"', "name: .*an invisible one"),
        (
            '"ООО «Металлэнергофинанс» (демонстрация)"',
            '"ООО «Металл\uffa0энерго\ufe0fфинанс»"',
            "name: .*an invisible one",
        ),
        ("Вымышленный банк", "Вым??ленный банк", "bank_name: some of its letters were lost"),
        ("Вымышленный банк", "Вымышл\ufffdнный банк", "bank_name: some of its letters were lost"),
        ("Вымышленный банк", "Р‘Р°РЅРє", "bank_name: some of its letters were"),
        ("office_hours", f"a = {'[' * 5000}\noffice_hours", "It isn't TOML"),
    ],
)
def test_an_invalid_file_of_requisites_has_a_message(valid: str, invalid: str, message: str):
    assert valid in TEXT
    with pytest.raises(InvalidRequisites, match=message):
        requisites_in(TEXT.replace(valid, invalid))


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-16-le"])
async def test_a_file_in_another_encoding_is_refused(database: str, tmp_path: Path, encoding: str):
    file = tmp_path / "supplier.toml"
    file.write_bytes(TEXT.encode(encoding))

    command = lk("supplier", "publish", str(file), LK_DATABASE_URL=database)

    assert command.returncode == 1
    assert "Traceback" not in command.stderr
    message = f"{file} isn't text in UTF-8: save it in this encoding. Nothing was published."
    assert "".join(command.stderr.split()) == "".join(message.split())
    assert await Supplier.all().count() == 0


async def test_a_file_may_have_two_byte_order_marks(database: str, tmp_path: Path):
    file = tmp_path / "supplier.toml"
    file.write_text(f"\ufeff\ufeff{TEXT}")

    command = lk("supplier", "publish", str(file), LK_DATABASE_URL=database)

    assert (command.returncode, command.stderr) == (0, "")
    assert await Supplier.all().values_list("inn", flat=True) == ["4299999993"]


async def test_a_later_row_of_requisites_is_valid_from_its_day(database: str):
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


async def test_published_requisites_can_t_be_changed(database: str):
    requisites = requisites_in(TEXT)
    await publish(requisites)
    with pytest.raises(RequisitesChanged, match="2010-01-01"):
        await publish(requisites.model_copy(update={"phone": "8 800 000-00-00"}))
    assert (await Supplier.get()).phone == requisites.phone


NAME, BANK = "ООО «Металлэнергофинанс» (демонстрация)", "Вымышленный банк, г. Новокузнецк"
LONG_FORM = "Общество с ограниченной ответственностью"


def named(name: str, bank_name: str = BANK) -> str:
    """The example with other names; the mandatory fields have room for 206 bytes of them."""
    return TEXT.replace(NAME, name).replace(BANK, bank_name)


def code_of(requisites: Requisites) -> dict[str, str]:
    """The fields of the code of the largest bill with the longest number."""
    payment = BillPayment("Щ" * 20, date(2026, 9, 1), Kopecks(10**18 - 1), "Щ" * 18)
    payee = PayeeDetails(**requisites.model_dump(include={*PayeeDetails.__annotations__}))
    code = payment_code(payment, payee, period_format="MMYYYY")
    assert code
    assert len(code.encode()) <= 666
    return parse(code)


def test_a_long_name_has_its_legal_form_abbreviated_on_the_code_only():
    name = f"{LONG_FORM} «Кузнецкая Энергосбытовая Компания»"
    bank = "Акционерное общество «Кузнецкбизнесбанк»"
    requisites = requisites_in(named(name, bank))

    assert (requisites.name, requisites.bank_name) == (name, bank)
    assert code_of(requisites)["Name"] == "ООО «Кузнецкая Энергосбытовая Компания»"
    assert code_of(requisites)["BankName"] == bank
    short = requisites_in(named(f"{LONG_FORM} «Свет»", "Банк"))
    assert code_of(short)["Name"] == f"{LONG_FORM} «Свет»"


def test_names_that_no_code_can_contain_are_refused_with_the_excess():
    """206 bytes: 160 of the name, 46 of the bank."""
    assert code_of(requisites_in(named("Щ" * 80, "Щ" * 23)))["Name"] == "Щ" * 80
    with pytest.raises(InvalidRequisites) as refused:
        requisites_in(named("Щ" * 87, "Щ" * 41))
    assert str(refused.value) == (
        "name (174 bytes) and bank_name (82 bytes) are 50 bytes too long for a payment code, also"
        " with an abbreviated legal form; a Cyrillic letter has two bytes"
    )


texts = st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=170)
words = st.sampled_from(
    [LONG_FORM, "Публичное акционерное общество", "|#;:^_~{}!$%&()*+,/@", "«Щ»"]
)
names = texts | st.lists(words, min_size=1, max_size=4).map(" ".join)


@given(names, names)
def test_whatever_names_are_accepted_every_bill_has_its_code(name: str, bank_name: str):
    values = tomllib.loads(TEXT) | {"name": name, "bank_name": bank_name}
    try:
        requisites = Requisites.model_validate(values)
    except ValidationError:
        event("refused")
        return
    event("accepted")
    fields = code_of(requisites)
    assert (fields["Sum"], fields["PersAcc"]) == (str(10**18 - 1), "Щ" * 20)


async def test_a_receipt_with_stored_names_of_too_many_letters_has_no_code(
    api: ApiClient, anna: Viewer
):
    """Requisites of before the check: receipts and fields are served, and a line is logged."""
    await publish(requisites_in(TEXT))
    await Supplier.all().update(name="Щ" * 87, bank_name="Щ" * 41)
    account = await given_account()
    await given_link(anna, account)
    bill = await Invoice.get(period=date(2026, 10, 1))
    token = await api.signed_in(anna)

    with capture_logs() as logs:
        answer = await api.ask(CODES, token)
        receipt = await load_receipt(bill.id, period_format="MMYYYY", today=TODAY)

    assert answer["viewer"]["accounts"][0]["invoices"] == [{"qrPayload": None}]
    assert receipt
    assert receipt.code is None
    assert drafts(receipt)
    whys = {(line["event"], line.get("why")) for line in logs if "why" in line}
    assert whys == {("a bill has no payment code", "The mandatory fields have more than 300 bytes")}
