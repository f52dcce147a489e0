"""Identity mutations over HTTP, from the registration to the change of address."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from lk_graphql.identity.models import Session, User
from lk_graphql.kit.ids import to_public
from tests.factories import identity
from tests.identity.browser import Browser

SIGN_IN = {"email": identity.EMAIL, "password": identity.PASSWORD}
FORM: dict[str, Any] = {
    "lastName": "Иванова-Петрова",
    "firstName": "Анна",
    "patronymic": "Сергеевна",
    "email": identity.EMAIL,
    "phone": "8 (913) 123-45-67",
    "password": identity.PASSWORD,
    "termsVersion": identity.VERSION,
    "personalDataVersion": identity.VERSION,
}
VIEWER = """viewer {
  email fullName phone sessions { isCurrent userAgent } consents { document { kind } }
}"""


async def bearer_token(browser: Browser) -> str:
    """Sign the factory user in."""
    payload = await browser.mutate("sessionCreate", "token", **SIGN_IN, delivery="BEARER")
    return payload["token"]


async def captcha(browser: Browser) -> dict[str, str]:
    selection = "captcha { id picture audio expiresAt }"
    created = await browser.mutate("captchaCreate", selection, withAudio=False)
    assert created["captcha"]["audio"] is None
    return {"id": created["captcha"]["id"], "code": "kept7"}


def token_in(text: str) -> str:
    match = re.search(r"#token=([\w-]+)", text)
    assert match
    return match[1]


async def test_a_guest_registers_activates_and_signs_in(browser: Browser):
    answer = await captcha(browser)
    registered = await browser.mutate("userRegister", "sentTo", **FORM, captcha=answer)
    assert registered == {"sentTo": identity.EMAIL, "errors": []}

    early = await browser.mutate("sessionCreate", "token", **SIGN_IN, delivery="BEARER")
    assert [error["code"] for error in early["errors"]] == ["EMAIL_NOT_ACTIVATED"]

    ((to, mail),) = await browser.mails()
    assert (to, mail.subject) == (identity.EMAIL, "Активируйте учётную запись")
    assert "https://lk.example.ru/activate#token=" in mail.text
    token = token_in(mail.text)
    assert token == token_in(mail.html)
    activated = await browser.mutate("userActivate", "isActivated", token=token)
    assert activated == {"isActivated": True, "errors": []}

    payload = await browser.mutate("sessionCreate", f"token {VIEWER}", **SIGN_IN, delivery="BEARER")
    viewer = payload["viewer"]
    assert viewer["fullName"] == "Иванова-Петрова Анна Сергеевна"
    assert viewer["phone"] == "+79131234567"
    assert [session["isCurrent"] for session in viewer["sessions"]] == [True]
    kinds = {consent["document"]["kind"] for consent in viewer["consents"]}
    assert kinds == {"TERMS", "PERSONAL_DATA"}
    again = await browser.execute(f"{{ {VIEWER} }}", bearer=payload["token"])
    assert again == {"data": {"viewer": viewer}}


async def test_an_existing_address_gets_the_same_answer_and_another_mail(browser: Browser):
    await identity.user()
    registered = await browser.mutate(
        "userRegister", "sentTo", **FORM, captcha=await captcha(browser)
    )
    assert registered == {"sentTo": identity.EMAIL, "errors": []}
    ((to, mail),) = await browser.mails()
    assert (to, mail.subject) == (identity.EMAIL, "У вас уже есть учётная запись")
    assert "token" not in mail.text
    assert "Пётр" in mail.text  # greets the owner of the address, not the sender of the form
    assert "Анна" not in mail.text


async def test_a_form_s_names_are_not_mailed_to_an_unconfirmed_address(browser: Browser):
    """A stranger could have a text of 120 characters mailed to any address, with a link."""
    advert = {"firstName": "Заберите приз на evil.com", "patronymic": "до пятницы"}
    form: dict[str, Any] = {**FORM, **advert, "captcha": await captcha(browser)}
    assert (await browser.mutate("userRegister", "sentTo", **form))["errors"] == []
    ((to, mail),) = await browser.mails()
    assert (to, mail.subject) == (identity.EMAIL, "Активируйте учётную запись")
    assert await browser.mutate("userActivate", "isActivated", token=token_in(mail.text)) == {
        "isActivated": True,
        "errors": [],
    }
    bearer, new_email = await bearer_token(browser), "stranger@example.com"
    change = {"newEmail": new_email, "password": identity.PASSWORD}
    await browser.mutate("emailChangeRequest", "confirmBy", bearer=bearer, **change)
    mails = dict(await browser.mails())
    assert set(mails) == {identity.EMAIL, new_email}
    assert "evil.com" in mails[identity.EMAIL].text  # it is confirmed
    for unconfirmed in (mail, mails[new_email]):
        for form_of_mail in (unconfirmed.text, unconfirmed.html):
            assert "Здравствуйте!" in form_of_mail
            assert "evil" not in form_of_mail
            assert "до пятницы" not in form_of_mail


async def test_a_cookie_carries_the_session_and_goes_with_it(browser: Browser):
    await identity.user()
    payload = await browser.mutate("sessionCreate", "token", **SIGN_IN, delivery="COOKIE")
    assert payload["token"] is None
    assert "__Host-lk_session" in browser.http.cookies
    browser.http.headers["origin"] = identity.COMPANY.public_url
    response = await browser.execute("{ viewer { email } }")
    assert response["data"]["viewer"]["email"] == identity.EMAIL
    assert (await browser.mutate("sessionEnd", "endedSessions"))["endedSessions"] == 1
    assert (await browser.execute("{ viewer { email } }"))["data"] == {"viewer": None}


async def test_refusals_are_in_the_client_s_language(browser: Browser):
    form: dict[str, Any] = {**FORM, "phone": "12", "captcha": {"id": "cap_nonsense", "code": "x"}}
    russian = await browser.mutate("userRegister", "sentTo", **form)
    browser.http.headers["accept-language"] = "en"
    english = await browser.mutate("userRegister", "sentTo", **form)
    faults = [(error["path"], error["code"]) for error in english["errors"]]
    assert faults == [(["phone"], "PHONE_MALFORMED"), (["captcha"], "CAPTCHA_EXPIRED")]
    assert [(error["path"], error["code"]) for error in russian["errors"]] == faults
    assert "11 цифр" in russian["errors"][0]["message"]
    assert "11 digits" in english["errors"][0]["message"]
    assert russian["sentTo"] is None


async def test_aliases_do_not_get_around_the_limit(browser: Browser):
    await identity.user()
    guess = 'sessionCreate(input: {email: "%s", password: "Wrong%d", delivery: BEARER})'
    fields = "".join(
        f"a{n}: {guess % (identity.EMAIL, n)} {{ errors {{ code }} }} " for n in range(5)
    )
    answer = await browser.execute(f"mutation {{ {fields} }}")
    codes = [payload["errors"][0]["code"] for payload in answer["data"].values()]
    assert codes == ["WRONG_EMAIL_OR_PASSWORD"] * 3 + ["CAPTCHA_REQUIRED"] * 2
    assert await Session.all().count() == 0


@pytest.mark.parametrize(
    ("header", "subject"),
    [
        ("en-GB,en;q=0.9,ru;q=0.5", "Activate your login"),
        ("de", "Активируйте учётную запись"),
    ],
)
async def test_mails_are_in_the_language_of_the_browser_that_registered(
    browser: Browser, header: str, subject: str
):
    browser.http.headers["accept-language"] = header
    await browser.mutate("userRegister", "sentTo", **FORM, captcha=await captcha(browser))
    assert [mail.subject for _, mail in await browser.mails()] == [subject]


async def test_a_rate_limit_returns_a_message_and_retry_at(browser: Browser):
    input_values = {"email": "nobody@example.com"}
    await browser.mutate("activationResend", "sentTo", **input_values)
    (error,) = (await browser.mutate("activationResend", "sentTo", **input_values))["errors"]
    assert error["code"] == "TOO_MANY_TRIES"
    assert re.fullmatch(r"Слишком много попыток\. Повторите через \d+ \w+\.", error["message"])
    assert error["retryAt"].endswith("Z")


async def test_a_password_is_reset_by_mail(browser: Browser):
    await identity.user()
    token = await bearer_token(browser)
    requested = await browser.mutate("passwordResetRequest", "sentTo", email=identity.EMAIL)
    assert requested == {"sentTo": identity.EMAIL, "errors": []}
    ((_, mail),) = await browser.mails()
    changed = await browser.mutate(
        "passwordReset", "isReset", token=token_in(mail.text), newPassword="Novokuznetsk7"
    )
    assert changed == {"isReset": True, "errors": []}
    assert (await browser.execute("{ viewer { id } }", bearer=token))["data"] == {"viewer": None}
    ((_, notice),) = await browser.mails()
    assert notice.subject == "Пароль изменён"


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(browser: Browser):
    for mutation in ("passwordResetRequest", "activationResend"):
        requested = await browser.mutate(mutation, "sentTo", email="nobody@example.com")
        assert requested == {"sentTo": "nobody@example.com", "errors": []}
    assert await browser.mails() == []


STRANGER = {"lastName": "Петров", "password": "Prokopyevsk8"}


async def given_two_registrations(browser: Browser) -> list[str]:
    """Tokens of the links of the owner's registration and of a stranger's later one."""
    tokens = list[str]()
    for changes in ({}, STRANGER):
        answer = await captcha(browser)
        await browser.mutate("userRegister", "sentTo", **{**FORM, **changes}, captcha=answer)
        ((_, mail),) = await browser.mails()
        tokens.append(token_in(mail.text))
    return tokens


async def sign_in_codes(browser: Browser, password: str) -> list[str]:
    form = {**SIGN_IN, "password": password, "delivery": "BEARER"}
    payload = await browser.mutate("sessionCreate", "token", **form)
    assert (payload["token"] is None) is bool(payload["errors"])
    return [error["code"] for error in payload["errors"]]


@pytest.mark.parametrize("which", ["own", "stranger's", "requested"])
async def test_a_link_makes_no_password_of_several_waiting_forms_valid(
    browser: Browser, which: str
):
    """A stranger's form must not wait for the owner to activate it (decision 0050)."""
    own, strangers = await given_two_registrations(browser)
    await browser.mutate("activationResend", "sentTo", email=identity.EMAIL)
    ((_, requested),) = await browser.mails()
    tokens = {"own": own, "stranger's": strangers, "requested": token_in(requested.text)}
    fields = "isActivated needsPassword"
    activated = await browser.mutate("userActivate", fields, token=tokens[which])
    assert activated == {"isActivated": True, "needsPassword": True, "errors": []}

    for password in (STRANGER["password"], identity.PASSWORD):
        assert await sign_in_codes(browser, password) == ["WRONG_EMAIL_OR_PASSWORD"]
    ((to, choice),) = await browser.mails()
    assert (to, choice.subject) == (identity.EMAIL, "Задайте пароль")
    assert STRANGER["lastName"] not in choice.text
    await browser.mutate(
        "passwordReset", "isReset", token=token_in(choice.text), newPassword="Novokuznetsk7"
    )
    assert await sign_in_codes(browser, "Novokuznetsk7") == []
    assert await User.filter(activated_at__isnull=False).count() == 1


@pytest.mark.parametrize("is_requested", [False, True])
async def test_a_link_for_the_only_form_keeps_its_password(browser: Browser, *, is_requested: bool):
    await browser.mutate("userRegister", "sentTo", **FORM, captcha=await captcha(browser))
    if is_requested:
        await browser.mutate("activationResend", "sentTo", email=identity.EMAIL)
    *_, (_, mail) = await browser.mails()
    fields = "isActivated needsPassword"
    activated = await browser.mutate("userActivate", fields, token=token_in(mail.text))
    assert activated == {"isActivated": True, "needsPassword": False, "errors": []}

    assert await browser.mails() == []
    assert await sign_in_codes(browser, identity.PASSWORD) == []


async def test_both_mailboxes_agree_to_another_address(browser: Browser):
    user = await identity.user()
    token = await bearer_token(browser)
    requested = await browser.mutate(
        "emailChangeRequest", "confirmBy", bearer=token, newEmail="new@example.com",
        password=identity.PASSWORD,
    )  # fmt: skip
    assert requested["errors"] == []
    mails = dict(await browser.mails())
    assert set(mails) == {identity.EMAIL, "new@example.com"}
    assert "n***@example.com" in mails[identity.EMAIL].text
    outcomes = [
        (await browser.mutate("emailChange", "isComplete", token=token_in(mail.text)))["isComplete"]
        for mail in mails.values()
    ]
    assert outcomes == [False, True]
    assert (await User.get(id=user.id)).email == "new@example.com"


async def test_the_owner_of_a_requested_address_gets_a_mail(browser: Browser):
    await identity.user("other@example.com")
    await identity.user()
    token = await bearer_token(browser)
    await browser.mutate(
        "emailChangeRequest", "confirmBy", bearer=token, newEmail="other@example.com",
        password=identity.PASSWORD,
    )  # fmt: skip
    mails = dict(await browser.mails())
    assert mails["other@example.com"].subject == "У вас уже есть учётная запись"


async def test_other_sessions_end_one_by_one_or_all(browser: Browser):
    user = await identity.user()
    token = await bearer_token(browser)
    other = await identity.session(user, datetime.now(UTC))
    public = to_public("ses", other.viewer.session_id)
    selection = "viewer { sessions { id isCurrent } }"
    revoked = await browser.mutate("sessionRevoke", selection, bearer=token, sessionId=public)
    assert [session["isCurrent"] for session in revoked["viewer"]["sessions"]] == [True]
    again = await browser.mutate("sessionRevoke", selection, bearer=token, sessionId=public)
    assert [error["code"] for error in again["errors"]] == ["SESSION_NOT_FOUND"]
    await identity.session(user, datetime.now(UTC))
    others = await browser.mutate("sessionsRevokeOthers", "endedSessions", bearer=token)
    assert others == {"endedSessions": 1, "errors": []}


async def test_another_customer_s_session_can_be_neither_read_nor_ended(browser: Browser):
    await identity.user()
    token = await bearer_token(browser)
    other = await identity.session(await identity.user("other@example.com"), datetime.now(UTC))
    public = to_public("ses", other.viewer.session_id)
    node = await browser.execute(
        "query($id: ID!) { node(id: $id) { id } }", bearer=token, id=public
    )
    assert node == {"data": {"node": None}}
    ended = await browser.mutate("sessionRevoke", "viewer { id }", bearer=token, sessionId=public)
    assert [error["code"] for error in ended["errors"]] == ["SESSION_NOT_FOUND"]
    assert await Session.filter(ended_at__isnull=True).count() == 2


@pytest.mark.parametrize("change", [{"locked_at": identity.NOW}, {"activated_at": None}])
async def test_a_token_of_a_locked_login_is_worth_nothing(
    browser: Browser, change: dict[str, object]
):
    await identity.user()
    token = await bearer_token(browser)
    await User.all().update(**change)
    assert (await browser.execute("{ viewer { id } }", bearer=token))["data"] == {"viewer": None}


@pytest.mark.parametrize(
    "mutation",
    [
        "sessionEnd(input: {})",
        'sessionRevoke(input: {sessionId: "ses_0"})',
        "sessionsRevokeOthers(input: {})",
        'passwordChange(input: {oldPassword: "a", newPassword: "b"})',
        'emailChangeRequest(input: {newEmail: "a", password: "b"})',
    ],
)
async def test_a_mutation_of_customers_refuses_a_guest(browser: Browser, mutation: str):
    answer = await browser.execute(f"mutation {{ {mutation} {{ errors {{ code }} }} }}")
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]


async def test_public_settings_have_the_facts_of_the_registration_form(browser: Browser):
    answer = await browser.execute(
        """{ publicSettings {
          passwordRules { shortest longest onlyLatinAndDigits requirements { code text } }
          phoneForms captchaSeconds mailCooldownSeconds
          consentDocuments { id kind isRequired version title text sha256 } } }"""
    )
    public_settings = answer["data"]["publicSettings"]
    assert public_settings["passwordRules"]["shortest"] == 8
    assert public_settings["passwordRules"]["onlyLatinAndDigits"] is False
    assert [rule["text"] for rule in public_settings["passwordRules"]["requirements"]] == [
        "Не меньше 8 символов.",
        "Не больше 128 символов.",
        "Хотя бы одна строчная латинская буква.",
        "Хотя бы одна заглавная латинская буква.",
        "Хотя бы одна цифра.",
        "Любые буквы, цифры, знаки и пробелы.",
        "Не из тех известных паролей, которые подбирают первыми.",
        "Без имени почтового ящика — части e-mail до знака @.",
        "Без названия компании и слов из адреса кабинета.",
    ]
    assert (public_settings["captchaSeconds"], public_settings["mailCooldownSeconds"]) == (300, 60)
    documents = public_settings["consentDocuments"]
    required = {document["kind"]: document["isRequired"] for document in documents}
    assert required == {"TERMS": True, "PERSONAL_DATA": True, "SMS": False}
    assert {document["version"] for document in documents} == {identity.VERSION}
    assert all("ООО «Энергосбыт-Демо»" in document["text"] for document in documents)


@pytest.mark.parametrize("nasty", ["\u200b", "\u202e", "x" * 10_000, "'; --", "%s{0}{name}"])
async def test_nothing_typed_breaks_a_form(browser: Browser, nasty: str):
    form = dict.fromkeys(FORM, nasty)
    answer = {"id": nasty, "code": nasty}
    payload = await browser.mutate("userRegister", "sentTo", **form, captcha=answer)
    assert {"NAME_MALFORMED", "EMAIL_MALFORMED"} <= {error["code"] for error in payload["errors"]}
    for mutation, selection, values in (
        ("sessionCreate", "token", {"email": nasty, "password": nasty, "delivery": "BEARER"}),
        ("sessionCreate", "token", {**SIGN_IN, "password": nasty, "delivery": "BEARER"}),
        ("userActivate", "isActivated", {"token": nasty}),
        ("passwordReset", "isReset", {"token": nasty, "newPassword": nasty}),
        ("emailChange", "isComplete", {"token": nasty}),
    ):
        assert (await browser.mutate(mutation, selection, **values))["errors"]
    assert await User.all().count() == 0
