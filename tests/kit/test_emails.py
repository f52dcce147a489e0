import pytest
from hypothesis import given
from hypothesis import strategies as st

from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email, EmailFault, InvalidEmail


@pytest.mark.parametrize(
    ("text", "email", "displayed"),
    [
        (" Marina@Yandex.RU ", "marina@yandex.ru", "marina@yandex.ru"),
        ("demo@example.com", "demo@example.com", "demo@example.com"),
        ("first.last+lk@ya.ru", "first.last+lk@ya.ru", "first.last+lk@ya.ru"),
        ("ivan@Почта.РФ", "ivan@xn--80a1acny.xn--p1ai", "ivan@почта.рф"),
        ("ivan@xn--80a1acny.xn--p1ai", "ivan@xn--80a1acny.xn--p1ai", "ivan@почта.рф"),
        ("\uff49van@ya.ru", "ivan@ya.ru", "ivan@ya.ru"),  # a full-width letter
        ("ivan@яндекс.com", "ivan@xn--d1acpjx3f.com", "ivan@яндекс.com"),
    ],
)
def test_one_mailbox_has_one_key(text: str, email: str, displayed: str):
    assert emails.parse(text) == email
    assert emails.display(emails.parse(text)) == displayed


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("  ", EmailFault.EMPTY),
        ("marina.yandex.ru", EmailFault.NO_AT_SIGN),
        ("@yandex.ru", EmailFault.BAD_LOCAL_PART),
        ("ma rina@yandex.ru", EmailFault.BAD_LOCAL_PART),
        ("ma@rina@yandex.ru", EmailFault.BAD_LOCAL_PART),
        ('"ma rina"@yandex.ru', EmailFault.BAD_LOCAL_PART),
        (f"{'m' * 65}@yandex.ru", EmailFault.BAD_LOCAL_PART),
        ("m\r\nBcc: all@yandex.ru", EmailFault.BAD_LOCAL_PART),
        ("марина@yandex.ru", EmailFault.LOCAL_PART_NOT_LATIN),
        ("mаrina@yandex.ru", EmailFault.LOCAL_PART_NOT_LATIN),  # a Cyrillic «а»
        ("marina@", EmailFault.BAD_DOMAIN),
        ("marina@yandex", EmailFault.BAD_DOMAIN),
        ("marina@yandex..ru", EmailFault.BAD_DOMAIN),
        ("marina@localhost", EmailFault.BAD_DOMAIN),
        ("marina@[127.0.0.1]", EmailFault.BAD_DOMAIN),
        ("marina@yandex.ru\r\nBcc: b", EmailFault.BAD_DOMAIN),
        ("marina@yаndex.ru", EmailFault.MIXED_ALPHABETS),  # a Cyrillic «а»
        ("marina@xn--yndex-3ve.ru", EmailFault.MIXED_ALPHABETS),  # the same domain in punycode
        (f"m@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 20}.ru", EmailFault.BAD_DOMAIN),
        ("m" * 1_000_000, EmailFault.TOO_LONG),
    ],
)
def test_an_invalid_email_has_a_reason(text: str, fault: EmailFault):
    with pytest.raises(InvalidEmail) as error:
        emails.parse(text)

    assert error.value.fault is fault


def test_an_address_with_one_octet_too_many_is_refused():
    local, domain = "m" * 64, ".".join(["d" * 61] * 3) + ".ru"

    assert len(emails.parse(f"{local}@{domain}")) == 64 + 1 + 3 * 61 + 2 + 3
    with pytest.raises(InvalidEmail) as error:
        emails.parse(f"{local}@dd.{domain}")
    assert error.value.fault is EmailFault.TOO_LONG


@given(st.text(max_size=80) | st.emails())
def test_a_parsed_email_is_ascii_and_parses_to_itself(text: str):
    try:
        email = emails.parse(text)
    except InvalidEmail:
        return
    assert email.isascii()
    assert emails.parse(email) == email
    assert emails.parse(emails.display(email)) == email


def test_a_mask_shows_the_first_character_and_the_domain():
    assert emails.mask(emails.parse("marina@yandex.ru")) == "m***@yandex.ru"
    assert emails.mask(emails.parse("ivan@почта.рф")) == "i***@почта.рф"


@pytest.mark.parametrize(
    ("stored", "displayed", "masked"),
    [
        ("0193f2a4@erased.invalid", "0193f2a4@erased.invalid", "0***@erased.invalid"),
        ("anna@mail.local", "anna@mail.local", "a***@mail.local"),
        ("anna@xn--0.ru", "anna@xn--0.ru", "a***@xn--0.ru"),
    ],
)
def test_a_stored_address_that_no_form_accepts_has_a_display_and_a_mask(
    stored: str, displayed: str, masked: str
):
    with pytest.raises(InvalidEmail):
        emails.parse(stored)

    assert emails.display(Email(stored)) == displayed
    assert emails.mask(Email(stored)) == masked
