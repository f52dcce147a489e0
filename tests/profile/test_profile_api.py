"""Profile mutations («мой профиль»): preview, update, and confirmation of the telephone."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lk_graphql.identity.models import User
from lk_graphql.kit.languages import Language
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.viewer import Viewer
from lk_graphql.ports.jobs import JobContext
from lk_graphql.ports.sms import InMemorySmsGateway
from lk_graphql.profile.jobs import delete_expired, text_code
from lk_graphql.profile.models import PhoneProof
from tests.factories.accounts import given_user
from tests.support.client import COMPANY, ApiClient

PREVIEW = """query ($input: ProfileUpdatePreviewInput!) { profileUpdatePreview(input: $input) {
  preview { lastName firstName patronymic phone language isPhoneConfirmed }
  errors { code path message } } }"""
SAVE = """mutation ($input: ProfileUpdateInput!) { profileUpdate(input: $input) {
  viewer { lastName firstName patronymic phone language isPhoneConfirmed }
  errors { code path } } }"""
SEND = """mutation ($phone: String!) { phoneCodeSend(input: { phone: $phone }) {
  expiresAt errors { code path retryAt } } }"""
CONFIRM = """mutation ($phone: String!, $code: String!) {
  phoneConfirm(input: { phone: $phone, code: $code }) {
    viewer { isPhoneConfirmed } errors { code path retryAt } } }"""
CONFIRMED = "{ viewer { isPhoneConfirmed language phone } }"
PHONE = "+79131234567"
SAVED = {
    "lastName": "Иванова",
    "firstName": "Пелагея",
    "patronymic": "Сергеевна",
    "phone": PHONE,
    "language": "RU",
}


async def call(api: ApiClient, viewer: Viewer, query: str, **variables: Any) -> dict[str, Any]:
    answer = await api.post(query, await api.signed_in(viewer), **variables)
    (payload,) = answer["data"].values()
    return payload


async def text(api: ApiClient, sms: InMemorySmsGateway) -> str:
    """Run the job of the newest request and return the code in its SMS."""
    proof = await PhoneProof.all().order_by("-created_at").first()
    assert proof
    context = JobContext(api.state.ports, COMPANY, proof.created_at)
    await text_code(context, proof_id=proof.id)
    return sms.to(Phone(proof.phone))[-1][:6]


async def test_thirty_customers_of_one_mobile_network_get_their_codes(
    api: ApiClient, sms: InMemorySmsGateway
):
    for n in range(30):
        viewer = await given_user(f"{n}@example.com")
        sent = await call(api, viewer, SEND, phone=f"+791300000{n:02}")
        assert sent["errors"] == [], n


async def test_a_preview_has_the_normalised_values_and_saves_nothing(api: ApiClient, anna: Viewer):
    form = {"lastName": " петрова -  Водкина", "phone": "8 (905) 000-11-22", "language": "EN"}
    payload = await call(api, anna, PREVIEW, input=form)
    assert payload == {
        "preview": {
            **SAVED,
            "lastName": "петрова-Водкина",
            "phone": "+79050001122",
            "language": "EN",
            "isPhoneConfirmed": False,
        },
        "errors": [],
    }
    assert (await call(api, anna, SAVE, input={}))["viewer"] == {
        **SAVED,
        "isPhoneConfirmed": False,
    }


async def test_submitted_fields_are_saved_for_this_customer_only(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    form = {"firstName": "Анна", "patronymic": {"none": True}, "language": "EN"}
    payload = await call(api, anna, SAVE, input=form)
    changed = {"firstName": "Анна", "patronymic": None, "language": "EN"}
    assert payload["viewer"] == {**SAVED, **changed, "isPhoneConfirmed": False}
    assert (await User.get(id=anna.id)).preferred_language is Language.EN
    assert (await User.get(id=boris.id)).first_name == "Пелагея"
    again = await call(api, anna, SAVE, input={"patronymic": {"name": "Петровна"}})
    assert again["viewer"]["patronymic"] == "Петровна"


async def test_all_faults_of_a_form_are_reported_and_nothing_is_saved(api: ApiClient, anna: Viewer):
    wrong = {"lastName": "Иванова2", "firstName": "", "patronymic": {"none": False}, "phone": "12"}
    for query in (PREVIEW, SAVE):
        refused = await call(api, anna, query, input=wrong)
        assert [(error["code"], error["path"]) for error in refused["errors"]] == [
            ("NAME_MALFORMED", ["lastName"]),
            ("NAME_MALFORMED", ["firstName"]),
            ("PATRONYMIC_UNCLEAR", ["patronymic"]),
            ("PHONE_MALFORMED", ["phone"]),
        ]
    user = await User.get(id=anna.id)
    assert (user.last_name, user.first_name, user.phone) == ("Иванова", "Пелагея", PHONE)


async def test_a_code_that_comes_back_confirms_the_number(
    api: ApiClient, sms: InMemorySmsGateway, anna: Viewer
):
    before = datetime.now(UTC)
    payload = await call(api, anna, SEND, phone="8 913 123-45-67")
    expires = datetime.fromisoformat(payload["expiresAt"])
    assert timedelta(minutes=9) < expires - before < timedelta(minutes=11)
    code = await text(api, sms)
    assert sms.to(Phone(PHONE)) == [
        f"{code} — код для кабинета «Металлэнергофинанс». Никому его не сообщайте."
    ]
    spaced = f"{code[:3]} {code[3:]}"
    confirmed = await call(api, anna, CONFIRM, phone=PHONE, code=spaced)
    assert confirmed == {"viewer": {"isPhoneConfirmed": True}, "errors": []}
    token = await api.signed_in(anna)
    assert (await api.ask(CONFIRMED, token))["viewer"]["isPhoneConfirmed"] is True
    for query, arguments in ((SEND, {}), (CONFIRM, {"code": code})):
        refused = await call(api, anna, query, phone=PHONE, **arguments)
        assert [error["code"] for error in refused["errors"]] == ["PHONE_CONFIRMED"]


async def test_a_new_number_has_to_be_confirmed_and_the_old_one_stays_so(
    api: ApiClient, sms: InMemorySmsGateway, anna: Viewer, boris: Viewer
):
    await call(api, anna, SEND, phone=PHONE)
    await call(api, anna, CONFIRM, phone=PHONE, code=await text(api, sms))
    changed = await call(api, anna, SAVE, input={"phone": "+79050001122"})
    assert changed["viewer"]["isPhoneConfirmed"] is False
    restored = await call(api, anna, SAVE, input={"phone": PHONE})
    assert restored["viewer"]["isPhoneConfirmed"] is True
    # Boris has the same number in his profile, but no confirmed proof of it
    other = await call(api, boris, SAVE, input={"phone": PHONE})
    assert other["viewer"]["isPhoneConfirmed"] is False


async def test_wrong_codes_are_limited_to_five_attempts(
    api: ApiClient, sms: InMemorySmsGateway, anna: Viewer
):
    await call(api, anna, SEND, phone=PHONE)
    code = await text(api, sms)
    wrong = "000000" if code != "000000" else "000001"
    for _ in range(5):
        refused = await call(api, anna, CONFIRM, phone=PHONE, code=wrong)
        assert [(error["code"], error["path"]) for error in refused["errors"]] == [
            ("CODE_WRONG", ["code"])
        ]
    refused = await call(api, anna, CONFIRM, phone=PHONE, code=code)
    assert [error["code"] for error in refused["errors"]] == ["TOO_MANY_TRIES"]
    assert refused["errors"][0]["retryAt"]


async def test_a_customer_gets_one_code_a_minute(
    api: ApiClient, anna: Viewer, sms: InMemorySmsGateway
):
    await call(api, anna, SEND, phone=PHONE)
    refused = await call(api, anna, SEND, phone="+79050001122")
    assert [error["code"] for error in refused["errors"]] == ["TOO_MANY_TRIES"]
    assert await PhoneProof.all().count() == 1


async def test_a_code_is_for_its_number_and_for_ten_minutes(
    api: ApiClient, sms: InMemorySmsGateway, anna: Viewer
):
    await call(api, anna, SEND, phone=PHONE)
    code = await text(api, sms)
    other = await call(api, anna, CONFIRM, phone="+79050001122", code=code)
    assert [error["code"] for error in other["errors"]] == ["CODE_EXPIRED"]
    long_ago = datetime.now(UTC) - timedelta(minutes=11)
    await PhoneProof.all().update(created_at=long_ago, expires_at=long_ago + timedelta(minutes=10))
    late = await call(api, anna, CONFIRM, phone=PHONE, code=code)
    assert [error["code"] for error in late["errors"]] == ["CODE_EXPIRED"]
    proof = await PhoneProof.get()
    await text_code(JobContext(api.state.ports, COMPANY, datetime.now(UTC)), proof_id=proof.id)
    assert len(sms.sent) == 1


async def test_a_landline_number_is_refused(api: ApiClient, sms: InMemorySmsGateway, anna: Viewer):
    refused = await call(api, anna, SEND, phone="8 3843 12-34-56")
    assert [(error["code"], error["path"]) for error in refused["errors"]] == [
        ("PHONE_NOT_MOBILE", ["phone"])
    ]


async def test_without_a_gateway_sms_are_unavailable(api: ApiClient, anna: Viewer):
    refused = await call(api, anna, SEND, phone=PHONE)
    assert [error["code"] for error in refused["errors"]] == ["SMS_UNAVAILABLE"]
    assert (await api.post("{ publicSettings { sendsSms } }"))["data"] == {
        "publicSettings": {"sendsSms": False}
    }


async def test_unused_codes_are_deleted(api: ApiClient, sms: InMemorySmsGateway, anna: Viewer):
    await call(api, anna, SEND, phone=PHONE)
    now = datetime.now(UTC)
    for later, left in ((timedelta(hours=23), 1), (timedelta(hours=25), 0)):
        await delete_expired(JobContext(api.state.ports, COMPANY, now + later))
        assert await PhoneProof.all().count() == left


async def test_a_guest_has_no_profile(api: ApiClient):
    for answer in (await api.post(SAVE, input={}), await api.post(SEND, phone=PHONE)):
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
