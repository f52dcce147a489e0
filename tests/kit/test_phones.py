import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit import phones
from lk_graphql.kit.phones import InvalidPhone, Phone, PhoneFault


@pytest.mark.parametrize(
    "written",
    [
        "+79131234512",
        "79131234512",
        "89131234512",
        "9131234512",
        "+7(913)123-45-12",
        "8 (913) 123 45 12",
        " +7 913 123–45–12 ",
        "8.913.123.45.12",
        "+7\u00a0913\u00a0123\u201145\u201112",
        "\uff18\uff19\uff11\uff13\uff11\uff12\uff13\uff14\uff15\uff11\uff12",  # full-width digits
    ],
)
def test_phones_are_read_in_usual_notations(written: str):
    assert phones.parse(written) == "+79131234512"


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", PhoneFault.EMPTY),
        ("  ()-", PhoneFault.EMPTY),
        ("+", PhoneFault.WRONG_LENGTH),
        ("913123451", PhoneFault.WRONG_LENGTH),
        ("891312345122", PhoneFault.WRONG_LENGTH),
        ("3843123456", PhoneFault.NOT_RUSSIAN),  # ten digits without a mobile prefix
        ("+89131234512", PhoneFault.NOT_RUSSIAN),
        ("+9131234512", PhoneFault.NOT_RUSSIAN),
        ("19131234512", PhoneFault.NOT_RUSSIAN),
        ("+375291234567", PhoneFault.WRONG_LENGTH),
        ("8913123451O", PhoneFault.FOREIGN_CHARACTER),
        ("8-913-123-45-12 доб. 7", PhoneFault.FOREIGN_CHARACTER),
        ("7+9131234512", PhoneFault.FOREIGN_CHARACTER),
        ("++79131234512", PhoneFault.FOREIGN_CHARACTER),
        ("٨٩١٣١٢٣٤٥١٢", PhoneFault.FOREIGN_CHARACTER),  # Arabic digits are no separators
        ("8" * 1_000_000, PhoneFault.WRONG_LENGTH),
        ("+7 000 000-00-00", PhoneFault.NOT_ASSIGNED),
        ("80000000000", PhoneFault.NOT_ASSIGNED),
        ("8 (111) 111-11-11", PhoneFault.NOT_ASSIGNED),
        ("+7 234 567-89-01", PhoneFault.NOT_ASSIGNED),
    ],
)
def test_an_invalid_phone_has_a_reason(written: str, fault: PhoneFault):
    with pytest.raises(InvalidPhone) as refused:
        phones.parse(written)

    assert refused.value.fault is fault


@given(st.from_regex(r"[3-9][0-9]{9}", fullmatch=True))
def test_a_parsed_phone_is_parsed_unchanged(digits: str):
    phone = phones.parse(f"+7{digits}")

    assert phones.parse(phone) == phone == f"+7{digits}"


@given(st.text(max_size=60))
def test_any_text_is_a_phone_or_not_one(text: str):
    try:
        phone = phones.parse(text)
    except InvalidPhone:
        return
    assert len(phone) == 12
    assert phone.startswith("+7")


def test_only_mobile_numbers_take_an_sms():
    assert phones.is_mobile(Phone("+79131234512"))
    assert not phones.is_mobile(Phone("+73843123456"))


def test_a_mask_shows_the_first_and_the_last_two():
    assert phones.mask(Phone("+79131234512")) == "+7 9** ***-**-12"
