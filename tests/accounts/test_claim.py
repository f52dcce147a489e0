"""Parsing of link claims: tolerated spellings and refusals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.accounts.errors import (
    AccountNumberInvalid,
    ReadingUnreadable,
    SubscriberTypeUnsupported,
    SurnameInvalid,
    TotalUnreadable,
    UnifiedNumberUnreadable,
)
from lk_graphql.accounts.models import SubscriberType
from lk_graphql.accounts.service.claim_parsing import (
    LinkClaim,
    LinkClaimForm,
    ProofKind,
    account_number,
    read_claim,
    surname_key,
    unified_number,
)
from lk_graphql.kit.errors import Refusals

PATTERN = "[0-9]{8,12}"


def form(
    kind: ProofKind = ProofKind.LAST_READING, proof: str = "12345", **changed: str
) -> LinkClaimForm:
    return LinkClaimForm(
        subscriber_type=SubscriberType(changed.get("subscriber_type", "HOUSEHOLD")),
        account_number=changed.get("account_number", "0012345678"),
        surname=changed.get("surname", "Иванова"),
        kind=kind,
        proof=proof,
    )


def read(claim_form: LinkClaimForm) -> LinkClaim:
    return read_claim(claim_form, number_pattern=PATTERN)


@pytest.mark.parametrize(
    "text",
    ["0012345678", "00 1234 5678", " 00-1234—5678 ", "００１２３４５６７８", "001234\u00a05678"],
)
def test_an_account_number_keeps_its_zeros_and_loses_its_spaces(text: str):
    assert read(form(account_number=text)).number == "0012345678"


@pytest.mark.parametrize(
    "text", ["", "123", "0012345678901", "00123456O8", "٠٠١٢٣٤٥٦٧٨", "1" * 5000]
)
def test_another_account_number_is_refused(text: str):
    with pytest.raises(AccountNumberInvalid):
        account_number(text, pattern=PATTERN)


@pytest.mark.parametrize(
    "text",
    [
        "Семёнова-Тянь",
        "СЕМЕНОВА ТЯНЬ",
        " семёнова - тянь ",
        "Семенова-Тянь А.Ф.",
        "семенова-тянь а. ф.",
    ],
)
def test_a_surname_is_compared_without_case_hyphens_and_initials(text: str):
    assert read(form(surname=text)).surname_key == surname_key("Семёнова-Тянь")


def test_surnames_of_other_people_stay_apart():
    assert surname_key("Иванова") != surname_key("Иванов")
    assert surname_key("Иванова") != surname_key("Иванова-Петрова")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12345", "12345"),
        ("12345,5", "12345.5"),
        ("00012 345.25", "12345.25"),
        ("7", "7"),
    ],
)
def test_a_reading_may_have_a_comma_or_a_point(text: str, value: str):
    assert read(form(proof=text)).proof == value


@pytest.mark.parametrize(
    ("text", "kopecks"), [("1234,56", "123456"), ("1 234.5", "123450"), ("1234", "123400")]
)
def test_a_total_is_compared_in_kopecks(text: str, kopecks: str):
    assert read(form(ProofKind.BILL_TOTAL, text)).proof == kopecks


@pytest.mark.parametrize("text", ["75ДА533315", "75да 533315", "75-ДА-533315"])
def test_a_unified_number_may_be_typed_in_either_case(text: str):
    assert read(form(ProofKind.UNIFIED_NUMBER, text)).proof == unified_number("75ДА533315")


def test_a_unified_number_may_be_typed_in_either_alphabet():
    latin, cyrillic = "70AK000560", "70АК000560"
    assert latin != cyrillic
    assert unified_number(latin) == unified_number(cyrillic)


def test_all_faults_of_a_claim_are_reported_at_once():
    with pytest.raises(Refusals) as refused:
        read(
            form(
                ProofKind.BILL_TOTAL,
                "много",
                subscriber_type="BUSINESS",
                account_number="12",
                surname="42",
            )
        )
    assert [(type(refusal), refusal.path) for refusal in refused.value.refusals] == [
        (SubscriberTypeUnsupported, ("subscriberType",)),
        (AccountNumberInvalid, ("accountNumber",)),
        (SurnameInvalid, ("surname",)),
        (TotalUnreadable, ("proof", "billTotal")),
    ]


@pytest.mark.parametrize(
    ("kind", "text", "refusal"),
    [
        (ProofKind.LAST_READING, "-5", ReadingUnreadable),
        (ProofKind.LAST_READING, "1e5", ReadingUnreadable),
        (ProofKind.LAST_READING, "1.2345", ReadingUnreadable),
        (ProofKind.LAST_READING, "NaN", ReadingUnreadable),
        (ProofKind.BILL_TOTAL, "10.999", TotalUnreadable),
        (ProofKind.BILL_TOTAL, "", TotalUnreadable),
        (ProofKind.UNIFIED_NUMBER, "75533315ДА", UnifiedNumberUnreadable),
        (ProofKind.UNIFIED_NUMBER, "75ДА53331", UnifiedNumberUnreadable),
    ],
)
def test_each_kind_of_proof_has_its_own_refusal(
    kind: ProofKind, text: str, refusal: type[Exception]
):
    with pytest.raises(Refusals) as refused:
        read(form(kind, text))
    assert [type(fault) for fault in refused.value.refusals] == [refusal]


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(ProofKind), st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(
    number: str, surname: str, kind: ProofKind, proof: str
):
    try:
        claim = read(form(kind, proof, account_number=number, surname=surname))
    except Refusals:
        return
    assert claim.number.isdigit()
    assert claim.surname_key


@given(st.from_regex("[0-9]{8,12}", fullmatch=True), st.data())
def test_spaces_and_dashes_never_matter(number: str, data: st.DataObject):
    gaps = st.text(alphabet=" -–—\u00a0\t", max_size=2)
    text = "".join(digit + data.draw(gaps) for digit in number)[:40]
    digits = "".join(character for character in text if character.isdigit())
    if digits == number:
        assert account_number(text, pattern=PATTERN) == number


@pytest.mark.parametrize(
    "text",
    [
        *("№ 0012345678", "№0012345678", "л/с 0012345678", "Л/С № 0012345678", "ЛС: 0012345678"),
        *("лицевой счёт № 0012 345-678", "Лицевой счет 0012345678", "N 0012345678"),
    ],
)
def test_an_account_number_may_have_the_label_of_the_receipt(text: str):
    assert read(form(account_number=text)).number == "0012345678"


@pytest.mark.parametrize("text", ["А 0012345678", "с 0012345678", "л/с № О012345678", "№ 12"])
def test_another_word_before_a_number_is_refused(text: str):
    with pytest.raises(AccountNumberInvalid):
        account_number(text, pattern=PATTERN)


def test_an_account_number_pattern_is_matched_before_a_label_is_removed():
    assert account_number("N 12345", pattern="N[0-9]{5}") == "N12345"


@pytest.mark.parametrize("text", ["ЕЛС 75ДА533315", "ЕЛС: 75ДА533315", "№ 75ДА533315"])
def test_a_unified_number_may_have_its_label(text: str):
    assert read(form(ProofKind.UNIFIED_NUMBER, text)).proof == unified_number("75ДА533315")


@pytest.mark.parametrize(
    "text",
    [
        *("1 234,50 руб.", "1\u00a0234,50\u00a0руб", "1234.50₽", "1234,50 р.", "1234,5 RUB"),
        *("1 234 руб. 50 коп.", "1234 р. 50 к.", "1234₽ 50 коп", "1234 рубля 50 коп."),
    ],
)
def test_a_total_may_have_its_unit(text: str):
    assert read(form(ProofKind.BILL_TOTAL, text)).proof == "123450"


@pytest.mark.parametrize("text", ["12345 кВт·ч", "12345 кВтч", "12 345кВт*ч", "12345,0 квт⋅ч"])
def test_a_reading_may_have_its_unit(text: str):
    assert read(form(proof=text)).proof == "12345"


@pytest.mark.parametrize(
    "text", ["руб. 1234", "1234 руб. 5 коп.", "1234,50 руб. 50 коп.", "1234 руб. руб.", "1234 коп."]
)
def test_other_words_about_a_total_are_refused(text: str):
    with pytest.raises(Refusals) as refused:
        read(form(ProofKind.BILL_TOTAL, text))
    assert [type(refusal) for refusal in refused.value.refusals] == [TotalUnreadable]
