"""Appeals from the customer's side: create, read, reply, rate, close, reopen."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lk_graphql.accounts.models import AccountLink, LinkRole, LinkState
from lk_graphql.appeals import errors
from lk_graphql.appeals.models import Appeal, AppealMessage, AppealState, Direction, SubjectKind
from lk_graphql.appeals.service import customers, staff
from lk_graphql.appeals.service.customers import AppealDraft
from lk_graphql.appeals.service.subjects import SubjectRef
from lk_graphql.billing.models import Invoice, InvoiceLine, LineKind, ReceivedPayment
from lk_graphql.guards.idempotency import IdempotencyConflict
from lk_graphql.guards.rate_limits import RateLimitExceeded
from lk_graphql.kit.errors import Refusal, Refusals
from lk_graphql.kit.ids import new_key, to_public
from lk_graphql.kit.viewer import Viewer
from lk_graphql.metering.models import Meter
from lk_graphql.ports.jobs import run_until_empty
from tests.factories.accounts import NOW, NUMBER, given_account, given_link
from tests.factories.appeals import (
    CORRUPTION,
    QUALITY,
    QUESTIONS,
    TODAY,
    given_appeal,
    sending,
    topic_id,
)
from tests.factories.staff import staff_viewer
from tests.support.client import COMPANY, ApiClient

TEN = [
    "Внесение изменений в лицевой счет",
    "Другие тематики",
    "Качество услуги",
    "Обращение",
    "Общие вопросы",
    "Платные услуги",
    "Предложения",
    "Приборы учета",
    "Противодействие коррупции",
    "Расчеты и задолженность",
]
CREATE = """mutation($input: AppealCreateInput!) { appealCreate(input: $input) {
  appeal { number state dueOn isOverdue hidesName subjectKind subjectId subjectText
    topic { title } messages { nodes { number direction text readAt } } }
  errors { code path message } } }"""


async def test_the_topics_are_the_manual_s_ten_in_its_order(api: ApiClient):
    answer = await api.ask("{ appealTopics { title mayHideName } }")
    assert [topic["title"] for topic in answer["appealTopics"]] == TEN
    hideable = [topic["title"] for topic in answer["appealTopics"] if topic["mayHideName"]]
    assert hideable == ["Противодействие коррупции"]


async def test_an_appeal_has_a_number_and_a_term_at_once_and_a_mail_follows(
    api: ApiClient, anna: Viewer, database: str
):
    token = await api.signed_in(anna)
    topic = to_public("tpc", await topic_id(QUALITY))
    form = {"topicId": topic, "text": "  Мигает свет.\r\n<b>Каждый</b> вечер.  "}
    response = await api.post(CREATE, token, input={**form, "idempotencyKey": "1"})
    payload = response["data"]["appealCreate"]
    assert payload["errors"] == []
    appeal = await Appeal.get(user_id=anna.id)
    text = "Мигает свет.\n<b>Каждый</b> вечер."
    assert payload["appeal"] == {
        "number": appeal.number,
        "state": "NEW",
        "dueOn": appeal.due_on.isoformat(),
        "isOverdue": False,
        "hidesName": False,
        "subjectKind": None,
        "subjectId": None,
        "subjectText": None,
        "topic": {"title": QUALITY},
        "messages": {"nodes": [{"number": 1, "direction": "SENT", "text": text, "readAt": None}]},
    }
    assert api.mails.sent == []
    await run_until_empty(api.state.ports, COMPANY, dsn=database)
    ((recipient, mail),) = api.mails.sent
    assert recipient == "anna@example.com"
    assert mail.subject == f"Обращение {appeal.number} зарегистрировано"
    assert "<b>" not in mail.html
    assert "&lt;b&gt;Каждый&lt;/b&gt; вечер." in mail.html
    assert "<b>Каждый</b> вечер." in mail.text


async def test_a_repeat_with_the_same_key_is_the_same_appeal(anna: Viewer):
    draft = AppealDraft(await topic_id(QUESTIONS), "Почему?")
    first = await customers.create(anna, draft, sending(key="k"))
    assert await customers.create(anna, draft, sending(key="k")) == first
    assert await Appeal.all().count() == 1
    with pytest.raises(IdempotencyConflict):
        await customers.create(anna, AppealDraft(draft.topic_id, "Зачем?"), sending(key="k"))


@pytest.mark.parametrize(
    "text",
    ["", " \n\t ", "а" * 10_001, "звонок\x07", "обратно \u202eяатсрев", "\x1b[31m"],
)
async def test_an_unreadable_text_is_refused(anna: Viewer, text: str):
    draft = AppealDraft(await topic_id(QUESTIONS), text)
    with pytest.raises(Refusals) as raised:
        await customers.create(anna, draft, sending())
    assert [error.code for error in raised.value.refusals] == ["TEXT_INVALID"]
    assert await Appeal.all().count() == 0


async def test_five_megabytes_are_refused_before_they_are_read(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    form = {"topicId": "tpc_x", "text": "а" * 5_000_000, "idempotencyKey": "1"}
    answer = await api.post(CREATE, token, input=form)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert await Appeal.all().count() == 0


async def test_all_faults_of_an_appeal_are_reported_at_once(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    form = {"topicId": "tpc_x", "text": "", "about": {"meterId": "mtr_x"}, "idempotencyKey": "1"}
    answer = await api.post(CREATE, token, input=form)
    errors_ = answer["data"]["appealCreate"]["errors"]
    assert [(error["code"], error["path"]) for error in errors_] == [
        ("TOPIC_NOT_FOUND", ["topicId"]),
        ("TEXT_INVALID", ["text"]),
        ("SUBJECT_NOT_FOUND", ["about"]),
    ]


async def test_only_an_appeal_against_corruption_may_hide_the_name(anna: Viewer):
    with pytest.raises(Refusals) as raised:
        await given_appeal(anna, hides=True)
    assert [error.code for error in raised.value.refusals] == ["NAME_NOT_HIDEABLE"]
    appeal = await given_appeal(anna, title=CORRUPTION, hides=True)
    assert appeal.hides_name


async def create_subjects(viewer: Viewer) -> dict[SubjectKind, SubjectRef]:
    """Create one of each kind of subject for the viewer."""
    account = await given_account()
    await given_link(viewer, account, role=LinkRole.OWNER)
    invoice = await Invoice.get(account=account, number__endswith="2610")
    line = await InvoiceLine.create(
        invoice=invoice, position=1, kind=LineKind.ENERGY, service="Электроэнергия", amount=64_000
    )
    payment = await ReceivedPayment.create(
        account=account, paid_on=date(2026, 11, 2), amount=12_345, agent="Сбербанк", external_id="1"
    )
    meter = await Meter.get(account=account)
    return {
        SubjectKind.ACCOUNT: SubjectRef(SubjectKind.ACCOUNT, account.id),
        SubjectKind.INVOICE: SubjectRef(SubjectKind.INVOICE, invoice.id),
        SubjectKind.INVOICE_LINE: SubjectRef(SubjectKind.INVOICE_LINE, line.id),
        SubjectKind.METER: SubjectRef(SubjectKind.METER, meter.id),
        SubjectKind.RECEIVED_PAYMENT: SubjectRef(SubjectKind.RECEIVED_PAYMENT, payment.id),
    }


SUBJECT_TEXTS = {
    SubjectKind.ACCOUNT: f"Лицевой счёт {NUMBER}, 654007, г. Новокузнецк, ул. Кирова, д. 12, кв. 7",
    SubjectKind.INVOICE: "Счёт 0012345678-2610 за октябрь 2026: 1\xa0140,00\xa0₽",
    SubjectKind.INVOICE_LINE: (
        "Счёт 0012345678-2610 за октябрь 2026, строка 1: Электроэнергия, 640,00\xa0₽"
    ),
    SubjectKind.METER: "Прибор учёта Меркурий 206 № M-0012345678",
    SubjectKind.RECEIVED_PAYMENT: "Оплата 02.11.2026: 123,45\xa0₽",
}


TYPE_NAMES = {
    SubjectKind.ACCOUNT: "Account",
    SubjectKind.INVOICE: "Invoice",
    SubjectKind.METER: "Meter",
    SubjectKind.RECEIVED_PAYMENT: "ReceivedPayment",
}
SUBJECT = """{ viewer { appeals(first: 1) { nodes { subjectKind subjectText subjectId
  subject { __typename ... on Node { id } } } } } }"""


async def test_the_subject_of_an_appeal_is_a_snapshot(api: ApiClient, anna: Viewer):
    token = await api.signed_in(anna)
    topic = await topic_id(QUESTIONS)
    for kind, subject in (await create_subjects(anna)).items():
        await customers.create(anna, AppealDraft(topic, "Почему?", about=subject), sending())
        if kind is SubjectKind.INVOICE_LINE:
            await InvoiceLine.all().update(amount=1)
        (appeal,) = (await api.ask(SUBJECT, token))["viewer"]["appeals"]["nodes"]
        assert (appeal["subjectKind"], appeal["subjectText"]) == (kind.value, SUBJECT_TEXTS[kind])
        type_name = "Invoice" if kind is SubjectKind.INVOICE_LINE else TYPE_NAMES[kind]
        assert appeal["subject"] == {"__typename": type_name, "id": appeal["subjectId"]}


async def test_a_subject_that_isn_t_the_author_s_any_more_is_an_id_only(
    api: ApiClient, anna: Viewer
):
    subject = (await create_subjects(anna))[SubjectKind.METER]
    assert subject.key
    draft = AppealDraft(await topic_id(QUESTIONS), "Почему?", about=subject)
    await customers.create(anna, draft, sending())
    await AccountLink.filter(user_id=anna.id).update(state=LinkState.ENDED)

    answer = await api.ask(SUBJECT, await api.signed_in(anna))

    (appeal,) = answer["viewer"]["appeals"]["nodes"]
    assert (appeal["subject"], appeal["subjectId"]) == (None, to_public("mtr", subject.key))
    assert appeal["subjectText"] == SUBJECT_TEXTS[SubjectKind.METER]


async def test_a_line_of_a_bill_is_named_by_its_id(api: ApiClient, anna: Viewer):
    await create_subjects(anna)
    token = await api.signed_in(anna)
    lines = "{ viewer { accounts { invoices(first: 1) { id lines { id invoice { id } } } } } }"
    (invoice,) = (await api.ask(lines, token))["viewer"]["accounts"][0]["invoices"]
    (line,) = invoice["lines"]
    topic = to_public("tpc", await topic_id(QUESTIONS))
    form = {"topicId": topic, "text": "Почему?", "about": {"invoiceLineId": line["id"]}}

    response = await api.post(CREATE, token, input={**form, "idempotencyKey": "1"})

    appeal = response["data"]["appealCreate"]["appeal"]
    assert line["invoice"] == {"id": invoice["id"]}
    assert (appeal["subjectKind"], appeal["subjectId"]) == ("INVOICE_LINE", invoice["id"])
    assert appeal["subjectText"] == SUBJECT_TEXTS[SubjectKind.INVOICE_LINE]


async def test_a_subject_of_another_customer_is_not_found(anna: Viewer, boris: Viewer):
    topic = await topic_id(QUESTIONS)
    for subject in (await create_subjects(anna)).values():
        with pytest.raises(Refusals) as raised:
            await customers.create(boris, AppealDraft(topic, "Почему?", about=subject), sending())
        assert [error.code for error in raised.value.refusals] == ["SUBJECT_NOT_FOUND"]


async def test_another_user_of_the_account_doesn_t_see_an_appeal(
    api: ApiClient, anna: Viewer, boris: Viewer
):
    subjects = await create_subjects(anna)
    account = subjects[SubjectKind.ACCOUNT]
    topic = await topic_id(QUESTIONS)
    key = await customers.create(anna, AppealDraft(topic, "Почему?", about=account), sending())
    token = await api.signed_in(boris)
    query = """query($id: ID!) { node(id: $id) { id } viewer {
      appeals { nodes { id } } appealMessages { nodes { id } } unreadAppealMessages } }"""
    data = await api.ask(query, token, id=to_public("apl", key))
    no_nodes: dict[str, list[object]] = {"nodes": []}
    assert data == {
        "node": None,
        "viewer": {"appeals": no_nodes, "appealMessages": no_nodes, "unreadAppealMessages": 0},
    }
    await assert_refused(errors.AppealNotFound, customers.reply(boris, key, "И я!", sending()))


MESSAGES = """query($direction: Direction) { viewer {
  unreadAppealMessages appealMessages(where: {direction: $direction}) {
    nodes { direction text readAt appeal { state unreadMessages } } } } }"""


async def test_sent_and_received_messages_are_lists_of_their_own(
    api: ApiClient, anna: Viewer, clerk: Any
):
    appeal = await given_appeal(anna)
    await staff.answer(
        staff_viewer(clerk), appeal.id, "Авария на подстанции.", now=NOW + timedelta(hours=1)
    )
    token = await api.signed_in(anna)

    async def texts(direction: str) -> list[str]:
        viewer_data = (await api.ask(MESSAGES, token, direction=direction))["viewer"]
        return [node["text"] for node in viewer_data["appealMessages"]["nodes"]]

    assert await texts("SENT") == ["Почему нет света?"]
    assert await texts("RECEIVED") == ["Авария на подстанции."]
    viewer_data = (await api.ask(MESSAGES, token, direction="RECEIVED"))["viewer"]
    assert viewer_data["unreadAppealMessages"] == 1
    assert viewer_data["appealMessages"]["nodes"][0]["appeal"] == {
        "state": "ANSWERED",
        "unreadMessages": 1,
    }


async def test_received_messages_are_marked_as_read_up_to_a_number(anna: Viewer, clerk: Any):
    appeal = await given_appeal(anna)
    for hour in (1, 2):
        await staff.answer(
            staff_viewer(clerk), appeal.id, f"Ответ {hour}", now=NOW + timedelta(hours=hour)
        )
    read_at = NOW + timedelta(hours=3)
    await customers.mark_read(anna, appeal.id, until=2, now=read_at)
    marks = (
        await AppealMessage.filter(appeal=appeal)
        .order_by("number")
        .values_list("direction", "read_at")
    )
    assert marks == [
        (Direction.SENT, NOW + timedelta(hours=1)),
        (Direction.RECEIVED, read_at),
        (Direction.RECEIVED, None),
    ]
    await customers.mark_read(anna, appeal.id, until=99, now=read_at + timedelta(hours=1))
    assert await AppealMessage.filter(appeal=appeal, read_at=read_at).count() == 1
    assert await AppealMessage.filter(appeal=appeal, read_at=None).count() == 0


async def test_a_reply_to_an_answer_waits_for_another(anna: Viewer, clerk: Any):
    appeal = await given_appeal(anna, title=QUALITY)
    await staff.answer(staff_viewer(clerk), appeal.id, "Готово.", now=NOW)
    later = NOW + timedelta(days=10)
    await customers.reply(anna, appeal.id, "Снова мигает.", sending(later))
    await appeal.refresh_from_db()
    assert (appeal.state, appeal.due_on) == (AppealState.IN_PROGRESS, date(2026, 12, 7))
    assert appeal.message_count == 3


async def test_an_answered_appeal_is_closed_rated_and_reopened(anna: Viewer, clerk: Any):
    appeal = await given_appeal(anna)
    await assert_refused(errors.AppealNotAnswered, customers.rate(anna, appeal.id, 5))
    await assert_refused(
        errors.AppealNotClosed, customers.reopen(anna, appeal.id, "Ещё", sending())
    )
    await staff.answer(staff_viewer(clerk), appeal.id, "Готово.", now=NOW)
    await assert_refused(errors.RatingInvalid, customers.close(anna, appeal.id, rating=6, now=NOW))
    await customers.close(anna, appeal.id, rating=4, now=NOW)
    await assert_refused(errors.AppealClosed, customers.reply(anna, appeal.id, "Ещё", sending()))
    await assert_refused(
        errors.AppealClosed, customers.close(anna, appeal.id, rating=None, now=NOW)
    )
    await customers.rate(anna, appeal.id, 5)
    assert (await Appeal.get(id=appeal.id)).rating == 5
    late_options = sending(NOW + timedelta(days=31))
    await assert_refused(
        errors.ReopeningTooLate, customers.reopen(anna, appeal.id, "Ещё", late_options)
    )
    await customers.reopen(anna, appeal.id, "Ещё", sending(NOW + timedelta(days=30)))
    await appeal.refresh_from_db()
    assert (appeal.state, appeal.rating, appeal.closed_at) == (AppealState.IN_PROGRESS, None, None)


async def assert_refused(refusal: type[Refusal], operation: Any) -> None:
    """Accept both forms: a refusal, and one replayed by idempotency."""
    with pytest.raises((refusal, Refusals)) as raised:
        await operation
    exception = raised.value
    refusals = exception.refusals if isinstance(exception, Refusals) else [exception]
    assert [item.code for item in refusals] == [refusal.code]


async def test_appeals_are_limited(anna: Viewer):
    draft = AppealDraft(await topic_id(QUESTIONS), "Почему?")
    for _ in range(10):
        await customers.create(anna, draft, sending())
    with pytest.raises(RateLimitExceeded):
        await customers.create(anna, draft, sending())
    assert await Appeal.all().count() == 10


async def test_appeal_numbers_are_unique_and_contain_the_year(anna: Viewer):
    first, second = await given_appeal(anna), await given_appeal(anna)
    assert first.number.startswith(f"О-{TODAY.year}-")
    assert int(second.number[-6:]) > int(first.number[-6:])


async def test_an_appeal_is_late_when_the_company_s_day_is_over(api: ApiClient, anna: Viewer):
    await given_appeal(anna)
    await Appeal.all().update(due_on=date(2026, 12, 22))
    token = await api.signed_in(anna)
    query = "{ viewer { appeals { nodes { isOverdue } } } }"
    midnight = datetime(2026, 12, 22, 17, tzinfo=UTC)  # midnight in Novokuznetsk
    for now, is_late in ((midnight - timedelta(minutes=1), False), (midnight, True)):
        appeals = (await api.ask(query, token, now=now))["viewer"]["appeals"]["nodes"]
        assert appeals == [{"isOverdue": is_late}]
    await Appeal.all().update(state=AppealState.ANSWERED)
    appeals = await api.ask(query, token, now=midnight)
    assert appeals["viewer"]["appeals"]["nodes"] == [{"isOverdue": False}]


async def test_a_guest_can_t_create_an_appeal(api: ApiClient):
    form = {"topicId": "tpc_x", "text": "Почему?", "idempotencyKey": new_key().hex}
    answer = await api.post(CREATE, input=form)
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
