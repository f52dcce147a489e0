"""Topics of appeals and their answer terms, set by supervisors."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio

from lk_graphql.appeals.models import AnswerTerm, AppealTopic
from lk_graphql.appeals.service.topics import due_on, last_day
from lk_graphql.kit.ids import to_public
from lk_graphql.kit.viewer import Role
from lk_graphql.staff.models import Act, AuditEntry
from tests.factories.appeals import QUALITY, topic_id
from tests.factories.staff import given_staff, given_staff_session
from tests.support.client import COMPANY, ApiClient

TODAY = COMPANY.today(datetime.now(UTC))
TERM = {"days": 3, "areWorkingDays": True, "reference": "Приказ № 7"}
OFFERED = "{ appealTopics { title mayHideName } }"
ALL = """{ staff { appealTopics(first: 50) { nodes {
  title isOfManual isOffered terms { fromDay days reference } } } } }"""


@pytest_asyncio.fixture(autouse=True)
async def delete_added_topics(database: str) -> AsyncGenerator[None]:
    """Delete topics and terms that a test adds; those of the migration stay."""
    yield
    await AnswerTerm.filter(from_day=TODAY).delete()
    await AppealTopic.filter(position__gt=10).delete()


async def given_token(email: str) -> str:
    """The session of a new supervisor."""
    return await given_staff_session(await given_staff(Role.SUPERVISOR, email))


async def mutate(api: ApiClient, token: str, verb: str, **input: Any) -> Any:
    name = f"staffAppealTopic{verb}"
    query = f"""mutation ($input: StaffAppealTopic{verb}Input!) {{ {name}(input: $input) {{
        topic {{ id title isOffered }} errors {{ code path }} }} }}"""
    answer = await api.post(query, token, input=input)
    return answer["errors"][0]["extensions"]["code"] if "errors" in answer else answer["data"][name]


async def test_an_added_topic_comes_after_the_first_ten(api: ApiClient):
    supervisor = await given_staff(Role.SUPERVISOR)
    token = await given_staff_session(supervisor)
    creation = await mutate(api, token, "Add", title=" Зарядные  станции ", term=TERM)
    assert creation["errors"] == []
    topics = (await api.ask(OFFERED))["appealTopics"]
    assert (len(topics), topics[10]) == (
        11,
        {"title": "Зарядные станции", "mayHideName": False},
    )
    topic = await AppealTopic.get(position=11)
    assert await due_on(topic.id, TODAY) == last_day(TODAY, 3, are_working_days=True)
    entries = await AuditEntry.filter(act=Act.TOPIC_ADDED).values_list("staff_id", "subject_id")
    assert entries == [(supervisor.id, topic.id)]

    public = creation["topic"]["id"]
    withdrawal = await mutate(
        api, token, "Change", topicId=public, isOffered=False, title="Зарядки"
    )
    assert withdrawal["topic"] == {"id": public, "title": "Зарядки", "isOffered": False}
    assert len((await api.ask(OFFERED))["appealTopics"]) == 10
    nodes = (await api.ask(ALL, token))["staff"]["appealTopics"]["nodes"]
    assert (len(nodes), nodes[9]["isOfManual"]) == (11, True)
    assert nodes[10] == {
        "title": "Зарядки",
        "isOfManual": False,
        "isOffered": False,
        "terms": [{"fromDay": TODAY.isoformat(), "days": 3, "reference": "Приказ № 7"}],
    }
    assert await AuditEntry.filter(act=Act.TOPIC_CHANGED).count() == 1


async def test_topics_that_are_added_at_once_have_places_of_their_own(api: ApiClient):
    titles = [f"Тема {number}" for number in range(4)]
    tokens = [await given_token(f"{number}@example.com") for number in range(4)]

    additions = await asyncio.gather(
        *(
            mutate(api, token, "Add", title=title, term=TERM)
            for token, title in zip(tokens, titles, strict=True)
        )
    )

    assert [addition["errors"] for addition in additions] == [[]] * 4
    added = AppealTopic.filter(position__gt=10).order_by("position")
    assert await added.values_list("position", flat=True) == [11, 12, 13, 14]
    assert {topic.title async for topic in added} == {*titles}


async def test_of_topics_that_get_one_title_at_once_one_is_refused(api: ApiClient):
    tokens = [await given_token(f"{number}@example.com") for number in range(2)]
    keys = [
        (await mutate(api, tokens[0], "Add", title=title, term=TERM))["topic"]["id"]
        for title in ("Первая", "Вторая")
    ]

    changes = await asyncio.gather(
        *(
            mutate(api, token, "Change", topicId=key, title="Зарядки")
            for token, key in zip(tokens, keys, strict=True)
        )
    )

    assert sorted(error["code"] for change in changes for error in change["errors"]) == [
        "TOPIC_KNOWN"
    ]


async def test_a_new_term_counts_from_today_and_the_day_s_last_change_counts(api: ApiClient):
    token, key = (
        await given_staff_session(await given_staff(Role.SUPERVISOR)),
        await topic_id(QUALITY),
    )
    count = await AnswerTerm.filter(topic_id=key).count()
    for days in (20, 10):
        term = {**TERM, "days": days, "areWorkingDays": False}
        payload = await mutate(api, token, "Change", topicId=to_public("stp", key), term=term)
        assert payload["errors"] == []
    assert await due_on(key, TODAY) == last_day(TODAY, 10, are_working_days=False)
    assert await AnswerTerm.filter(topic_id=key).count() == count + 1


async def test_the_manual_s_topics_keep_their_names_and_places(api: ApiClient):
    token = await given_staff_session(await given_staff(Role.SUPERVISOR))
    public = to_public("stp", await topic_id(QUALITY))
    for field, value in (("title", "Качество"), ("isOffered", False)):
        refusal = await mutate(api, token, "Change", topicId=public, **{field: value})
        assert refusal == {"topic": None, "errors": [{"code": "TOPIC_FIXED", "path": [field]}]}
    payload = await mutate(api, token, "Change", topicId=public, title=QUALITY, isOffered=True)
    assert payload["errors"] == []


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"title": ""}, ("TEXT_INVALID", ["title"])),
        ({"title": "а" * 101}, ("TEXT_INVALID", ["title"])),
        ({"title": "а\u202eб"}, ("TEXT_INVALID", ["title"])),
        ({"title": "общие вопросы"}, ("TOPIC_KNOWN", ["title"])),
        ({"term": {**TERM, "days": 0}}, ("TERM_INVALID", ["term"])),
        ({"term": {**TERM, "days": 366}}, ("TERM_INVALID", ["term"])),
        ({"term": {**TERM, "reference": " "}}, ("TERM_INVALID", ["term"])),
    ],
)
async def test_a_bad_topic_is_refused(api: ApiClient, form: dict[str, Any], error: Any):
    token = await given_staff_session(await given_staff(Role.SUPERVISOR))
    refusal = await mutate(api, token, "Add", **{"title": "Новая", "term": TERM, **form})
    assert [(item["code"], item["path"]) for item in refusal["errors"]] == [error]
    assert await AppealTopic.all().count() == 10
    assert await AuditEntry.filter(act=Act.TOPIC_ADDED).count() == 0


async def test_clerks_can_t_add_topics(api: ApiClient):
    token = await given_staff_session(await given_staff(Role.CLERK))
    assert await mutate(api, token, "Add", title="Новая", term=TERM) == "FORBIDDEN"
    assert await AppealTopic.all().count() == 10
