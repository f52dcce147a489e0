"""Limits of appeals, for the public settings."""

import strawberry

from lk_graphql.api.graphql_types import object_type
from lk_graphql.appeals.service import attachments, customers, threads


@object_type
class AppealRules:
    """The limits of appeals, and the period for reopening («обращения»)."""

    longest_text: int = strawberry.field(
        description="The maximum number of characters of a message."
    )
    most_attachments: int = strawberry.field(
        description="The maximum number of files of a message."
    )
    least_rating: int = strawberry.field(description="The lowest rating of an answer.")
    most_rating: int = strawberry.field(description="The highest rating of an answer.")
    reopening_days: int = strawberry.field(
        description="The number of days after the closing within which an appeal can be reopened."
    )


def appeal_rules() -> AppealRules:
    least, most = customers.RATINGS
    return AppealRules(
        longest_text=threads.MAX_TEXT_LENGTH,
        most_attachments=attachments.MAX_ATTACHMENTS,
        least_rating=least,
        most_rating=most,
        reopening_days=customers.REOPENING_PERIOD.days,
    )
