"""The payment code on a receipt (ГОСТ Р 56042-2014)."""

from dataclasses import replace
from datetime import date

import pytest
import segno
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.billing.service.payment_code import (
    MANDATORY,
    MAX_BYTES,
    BillPayment,
    InvalidPaymentCode,
    PayeeDetails,
    compose,
    payment_code,
)
from lk_graphql.kit.money import Kopecks
from tests.support.payment_code import parse

PAYEE = PayeeDetails(
    "ООО «Три кита»",
    "40702810138250123017",
    'ОАО "БАНК"',
    "044525225",
    "30101810400000000225",
    "6200098765",
    "770101001",
)
PAYMENT = BillPayment("0412345678", date(2026, 10, 1), Kopecks(299_441), "80AB123456-01-2610")
LEAST = {
    "Name": PAYEE.name,
    "PersonalAcc": PAYEE.account,
    "BankName": PAYEE.bank_name,
    "BIC": PAYEE.bic,
    "CorrespAcc": PAYEE.correspondent_account,
}
words = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
texts = st.lists(words, min_size=1, max_size=4).map(" ".join)


def code_of(
    payment: BillPayment, payee: PayeeDetails = PAYEE, period_format: str = "MMYYYY"
) -> str:
    code = payment_code(payment, payee, period_format=period_format)
    assert code
    return code


def test_a_code_has_all_fields_in_their_order():
    assert code_of(PAYMENT) == (
        'ST00012|Name=ООО «Три кита»|PersonalAcc=40702810138250123017|BankName=ОАО "БАНК"'
        "|BIC=044525225|CorrespAcc=30101810400000000225|Sum=299441|Purpose=Оплата электроэнергии"
        " за октябрь 2026, л/с 0412345678|PayeeINN=6200098765|KPP=770101001|PersAcc=0412345678"
        "|PaymPeriod=102026|UIN=80AB123456-01-2610|TechCode=02"
    )


def test_absent_optional_fields_are_left_out():
    fields = parse(code_of(replace(PAYMENT, gis_document_id=None), replace(PAYEE, kpp=None)))
    assert "KPP" not in fields
    assert "UIN" not in fields


def test_the_month_may_be_written_shorter():
    assert parse(code_of(PAYMENT, period_format="MMYY"))["PaymPeriod"] == "1026"


@given(st.fixed_dictionaries({"Name": texts}, optional={"Purpose": texts, "LastName": texts}))
def test_a_composed_code_is_parsed_back(texts: dict[str, str]):
    fields = {**LEAST, **texts}
    assert parse(compose(fields)) == fields


@pytest.mark.parametrize(
    ("name", "separator"),
    [("Три кита", "|"), ("Три | кита", "#"), ("|#;:", "^"), ("|#;:^_~{}!$%&()*+,/", "@")],
)
def test_the_separator_is_the_first_that_no_value_holds(name: str, separator: str):
    text = compose({**LEAST, "Name": name})
    assert text[:8] == f"ST00012{separator}"
    assert parse(text)["Name"] == name


def test_a_value_that_holds_all_of_them_loses_the_first():
    name = "Три|#;:^_~{}!$%&()*+,/@кита"
    assert parse(compose({**LEAST, "Name": name}))["Name"] == name.replace("|", " ")


def test_optional_fields_are_dropped_if_the_code_is_too_long():
    fields = {
        **LEAST, "Name": "Щ" * 75, "Sum": "1", "Purpose": "Щ" * 160, "PersAcc": "Щ" * 30,
        "UIN": "Щ" * 25, "TechCode": "02", "KPP": "429901001", "PaymPeriod": "102026",
    }  # fmt: skip
    text = compose(fields)
    assert len(text.encode()) <= 666
    assert {*fields} - {*parse(text)} == {"TechCode", "KPP", "Purpose"}


def test_the_longest_code_has_modules_of_a_third_of_a_millimetre():
    code = segno.make_qr("x" * MAX_BYTES, error="m", boost_error=False, encoding="utf-8")
    assert code.version == 20
    assert 36 / code.symbol_size(border=4)[0] > 0.33


def test_blank_optional_fields_are_left_out():
    assert "UIN" not in parse(compose({**LEAST, "UIN": "\u00a0" * 18}))


def test_line_breaks_become_spaces():
    assert parse(compose({**LEAST, "Name": "Три\r\nкита "}))["Name"] == "Три кита"


def test_the_mandatory_fields_have_a_limit_in_bytes():
    with pytest.raises(InvalidPaymentCode, match="300 bytes"):
        compose({**LEAST, "Name": "Щ" * 100})
    assert parse(compose({**LEAST, "Name": "W" * 100}))["Name"] == "W" * 100


@pytest.mark.parametrize(
    "changed",
    [
        {"Name": ""},
        {"Name": "Щ" * 161},
        {"BankName": "W" * 46},
        {"PersonalAcc": "4070281013825012301"},
        {"BIC": "04452522"},
        {"CorrespAcc": "1"},
        {"Sum": "0"},
        {"Sum": "-1"},
        {"Sum": "1.00"},
        {"Purpose": "W" * 161},
        {"PayeeINN": "62000987"},
    ],
)
def test_a_field_against_the_standard_is_refused(changed: dict[str, str]):
    with pytest.raises(InvalidPaymentCode):
        compose({**LEAST, **changed})


@pytest.mark.parametrize("missing", MANDATORY)
def test_nothing_mandatory_may_be_missing(missing: str):
    with pytest.raises(InvalidPaymentCode):
        compose({name: value for name, value in LEAST.items() if name != missing})


def test_others_codes_are_read_too():
    """Names in another case and a trailing separator, as on real bills."""
    text = compose(LEAST).replace("Name=", "name=", 1) + "|paymPeriod=0521|persAcc=210042076|"
    fields = parse(text)
    assert (fields["Name"], fields["PaymPeriod"]) == (PAYEE.name, "0521")
    assert fields["PersAcc"] == "210042076"


@pytest.mark.parametrize("text", ["", "ST00012", "ST00011|Name=x", "https://qr.nspk.ru/AS1"])
def test_a_malformed_code_is_refused(text: str):
    with pytest.raises(InvalidPaymentCode):
        parse(text)


@pytest.mark.parametrize("amount", [0, -1, -29_900])
def test_nothing_due_means_no_payment_code(amount: int):
    payment = replace(PAYMENT, amount=Kopecks(amount))
    assert payment_code(payment, PAYEE, period_format="MMYYYY") is None


def test_no_requisites_mean_no_payment_code():
    assert payment_code(PAYMENT, None, period_format="MMYYYY") is None


def test_the_purpose_names_the_month_and_the_account():
    purpose = parse(code_of(PAYMENT))["Purpose"]
    assert purpose == "Оплата электроэнергии за октябрь 2026, л/с 0412345678"
