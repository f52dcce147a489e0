"""Registration: fields, faults, captcha, and no disclosure of other users."""

import asyncpg
import pytest

from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.identity.errors import CaptchaExpired, CaptchaWrong
from lk_graphql.identity.models import Captcha, Consent, LinkPurpose, OneTimeLink, User
from lk_graphql.identity.service import registration
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.registration import Registration
from lk_graphql.kit.errors import Refusals
from lk_graphql.kit.languages import Language
from tests.factories import identity
from tests.factories.identity import CLIENT, LINKS, NOW, PASSWORDS


async def register(form: Registration) -> None:
    await registration.register(form, client=CLIENT, now=NOW, passwords=PASSWORDS, signer=LINKS)


async def faults(form: Registration) -> list[tuple[str, str]]:
    with pytest.raises(Refusals) as refused:
        await register(form)
    return [(".".join(fault.path), fault.code) for fault in refused.value.refusals]


async def test_a_registration_waits_for_its_link(empty_database: asyncpg.Connection):
    await register(await identity.form())
    user = await User.get()
    assert user.activated_at is None
    assert (user.email, user.phone) == ("ivanov@example.com", "+79131234567")
    assert user.last_name == "Иванова-Петрова"
    assert await PASSWORDS.verify(user.password_hash, identity.PASSWORD)
    link = await OneTimeLink.get(user_id=user.id)
    assert link.purpose is LinkPurpose.ACTIVATION
    assert await identity.jobs() == [("identity.mail_activation", {"link_id": link.id})]


async def test_both_consents_are_stored_with_text_and_client(
    empty_database: asyncpg.Connection,
):
    await register(await identity.form())
    consents = await Consent.all().select_related("document")
    assert {consent.document.kind for consent in consents} == {"TERMS", "PERSONAL_DATA"}
    for consent in consents:
        assert consent.text_sha256 == consent.document.sha256
        assert (consent.client_address, consent.user_agent) == ("192.0.2.7", "Firefox")
        assert consent.happened_at == NOW


async def test_all_faults_of_a_registration_are_reported_at_once(
    empty_database: asyncpg.Connection,
):
    answer = await identity.solved_captcha()
    form = await identity.form(
        last_name="",
        first_name="Анна1",
        has_no_patronymic=True,
        email="anna",
        phone="123",
        password="кот",
        terms_version="2020-01-01",
        personal_data_version="",
        captcha=CaptchaAnswer(answer.id, "WRONG"),
    )
    assert await faults(form) == [
        ("lastName", "NAME_MALFORMED"),
        ("firstName", "NAME_MALFORMED"),
        ("patronymic", "PATRONYMIC_UNCLEAR"),
        ("email", "EMAIL_MALFORMED"),
        ("phone", "PHONE_MALFORMED"),
        ("password", "PASSWORD_TOO_SHORT"),
        ("password", "PASSWORD_NO_LOWER_CASE"),
        ("password", "PASSWORD_NO_UPPER_CASE"),
        ("password", "PASSWORD_NO_DIGIT"),
        ("termsVersion", "CONSENT_OUTDATED"),
        ("personalDataVersion", "CONSENT_OUTDATED"),
        ("captcha", "CAPTCHA_WRONG"),
    ]
    assert await User.all().count() == 0
    assert await identity.jobs() == []


async def test_every_fault_is_worded_in_both_languages(empty_database: asyncpg.Connection):
    form = await identity.form(last_name="", email="anna", phone="123", password="кот")
    with pytest.raises(Refusals) as refused:
        await register(form)
    for fault in refused.value.refusals:
        assert fault.text(Language.RU) != fault.text(Language.EN)
        assert "{" not in fault.text(Language.RU) + fault.text(Language.EN)


@pytest.mark.parametrize(
    ("patronymic", "has_none", "is_clear"),
    [("Сергеевна", False, True), (None, True, True), ("", True, True), (None, False, False),
     ("  ", False, False), ("Сергеевна", True, False)],
)  # fmt: skip
async def test_a_missing_patronymic_has_to_be_declared(
    empty_database: asyncpg.Connection,
    patronymic: str | None,
    *,
    has_none: bool,
    is_clear: bool,
):
    form = await identity.form(patronymic=patronymic, has_no_patronymic=has_none)
    if is_clear:
        await register(form)
        assert (await User.get()).has_no_patronymic is has_none
    else:
        assert await faults(form) == [("patronymic", "PATRONYMIC_UNCLEAR")]


async def test_a_domain_may_be_cyrillic(empty_database: asyncpg.Connection):
    await register(await identity.form(email=" Anna@Почта.РФ "))
    user = await User.get()
    assert (user.email, user.email_key) == ("anna@почта.рф", "anna@xn--80a1acny.xn--p1ai")


async def test_an_invalid_phone_doesn_t_use_up_a_captcha(empty_database: asyncpg.Connection):
    answer = await identity.solved_captcha()
    assert await faults(await identity.form(phone="1", captcha=answer)) == [
        ("phone", "PHONE_MALFORMED")
    ]
    await register(await identity.form(captcha=answer))
    assert (await Captcha.get(id=answer.id)).used_at == NOW
    assert await faults(await identity.form(captcha=answer)) == [("captcha", "CAPTCHA_EXPIRED")]


async def test_registering_an_existing_address_changes_no_user(
    empty_database: asyncpg.Connection,
):
    before = await identity.user()
    await register(await identity.form())
    assert await User.get(id=before.id) == before
    assert (await User.get(id=before.id)).password_hash == before.password_hash
    newcomer = await User.get(activated_at__isnull=True)
    link = await OneTimeLink.get(user_id=newcomer.id)
    assert await identity.jobs() == [("identity.mail_activation", {"link_id": link.id})]


async def test_an_address_gets_three_mails_an_hour(empty_database: asyncpg.Connection):
    for _ in range(3):
        await register(await identity.form())
    answer = await identity.solved_captcha()
    with pytest.raises(RateLimitExceeded):
        await register(await identity.form(captcha=answer))
    assert (await Captcha.get(id=answer.id)).used_at is None
    assert await User.all().count() == 3


async def test_a_captcha_that_is_used_twice_at_once_counts_once(empty_database: asyncpg.Connection):
    answer = await identity.solved_captcha()
    form = await identity.form(captcha=answer)
    await register(form)
    with pytest.raises(Refusals) as refused:
        await register(form)
    assert [type(fault) for fault in refused.value.refusals] == [CaptchaExpired]
    assert CaptchaWrong.code != CaptchaExpired.code
