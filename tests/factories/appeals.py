"""Appeals."""

from datetime import date, datetime
from uuid import UUID

from lk_graphql.appeals.models import Appeal, AppealTopic
from lk_graphql.appeals.service import customers
from lk_graphql.appeals.service.customers import AppealDraft, SubmitOptions
from lk_graphql.kit.ids import new_key
from lk_graphql.kit.viewer import Viewer
from tests.factories.accounts import LINKS, NOW
from tests.support.client import COMPANY

TODAY = date(2026, 11, 22)
QUALITY, QUESTIONS, CORRUPTION = "Качество услуги", "Общие вопросы", "Противодействие коррупции"


async def topic_id(title: str) -> UUID:
    return (await AppealTopic.get(title=title)).id


def sending(now: datetime = NOW, key: str = "") -> SubmitOptions:
    return SubmitOptions(key or new_key().hex, now=now, company=COMPANY, signer=LINKS)


async def given_appeal(
    viewer: Viewer, text: str = "Почему нет света?", title: str = QUESTIONS, *, hides: bool = False
) -> Appeal:
    draft = AppealDraft(await topic_id(title), text, hides_name=hides)
    return await Appeal.get(id=await customers.create(viewer, draft, sending()))
