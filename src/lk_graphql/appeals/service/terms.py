"""By when an appeal has to be answered."""

from datetime import date, timedelta
from uuid import UUID

from lk_graphql.appeals.models import AnswerTerm
from lk_graphql.kit.working_days import is_working, next_working_day


async def due_on(topic_id: UUID, came_on: date) -> date:
    """The last day for an answer to an appeal that came on a day (of the company's zone).

    Raises LookupError for a topic without a term: the topic's row lacks its companion.
    """
    known = AnswerTerm.filter(topic_id=topic_id, from_day__lte=came_on)
    term = await known.order_by("-from_day").first()
    if term is None:
        raise LookupError(f"The topic {topic_id} has no term for {came_on}")
    return last_day(came_on, term.days, are_working_days=term.are_working_days)


def last_day(came_on: date, days: int, *, are_working_days: bool) -> date:
    """The day of arrival isn't counted (ГК РФ, ст. 191)."""
    if not are_working_days:
        return next_working_day(came_on + timedelta(days=days))
    day = came_on
    while days:
        day += timedelta(days=1)
        days -= is_working(day)
    return day
