"""Inputs of the notification mutations, with their conversion to commands."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import choice_type, input_type
from lk_graphql.kit.ids import key_of
from lk_graphql.notifications.models import NoticeChannel, NoticeTopic
from lk_graphql.notifications.service import quiet_hours
from lk_graphql.notifications.service.settings import AccountTopics, SettingsChange, Topics


@choice_type
class NoticesMarkReadInput:
    """Which notices were read: exactly one of these."""

    ids: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="These, all or none; 100 at most."
    )
    all_until: strawberry.Maybe[datetime] = strawberry.field(
        description="All that came until then: pass the `createdAt` of the newest one shown."
    )


@input_type
class NoticeTopicsInput:
    """Which topics are to come by each way; the others don't."""

    email: strawberry.Maybe[list[NoticeTopic]] = strawberry.field(
        description="These by e-mail, and no others."
    )
    sms: strawberry.Maybe[list[NoticeTopic]] = strawberry.field(
        description="These by SMS, and no others, while SMS are switched on."
    )

    def to_command(self) -> Topics:
        return Topics(
            email=self.email.value if self.email else None,
            sms=self.sms.value if self.sms else None,
        )


@input_type
class QuietHoursInput:
    """The hours of the company's zone in which nothing is sent."""

    start: str = strawberry.field(description="From when on, `22:00`.")
    end: str = strawberry.field(description="Until just before, `08:00`, perhaps of the next day.")


@input_type
class AccountNoticeTopicsInput:
    """What is to come about one account."""

    account_id: strawberry.ID = strawberry.field(description="The account.")
    topics: NoticeTopicsInput | None = strawberry.field(
        description="Its own choice; null gives it up, and the general one counts again."
    )


@input_type
class NotificationSettingsUpdateInput:
    """What to change; what isn't given stays as it is."""

    sms_enabled: strawberry.Maybe[bool] = strawberry.field(
        description="The switch for all SMS. To switch them on, the number has to be confirmed;"
        " switching them off withdraws the consent to them."
    )
    sms_consent_version: str | None = strawberry.field(
        default=None,
        description="To switch SMS on: the version of the document SMS, of"
        " `publicSettings.consentDocuments`, that the person was shown and has agreed to.",
    )
    quiet_hours: strawberry.Maybe[QuietHoursInput | None] = strawberry.field(
        description="When nothing is sent («тихие часы»); null: there are no such hours."
    )
    topics: NoticeTopicsInput | None = strawberry.field(
        default=None, description="For all accounts that have no choice of their own."
    )
    accounts: list[AccountNoticeTopicsInput] = strawberry.field(
        default_factory=list[AccountNoticeTopicsInput],
        description="Choices for single accounts; 50 at most.",
    )
    resume: list[NoticeChannel] = strawberry.field(
        default_factory=list[NoticeChannel],
        description="Ways to try again, where `emailRefusedAt` or `smsRefusedAt` says that nothing"
        " arrived: the address is right and takes messages again.",
    )

    def to_command(self) -> SettingsChange:
        """Raises `QuietHoursInvalid`."""
        hours = self.quiet_hours.value if self.quiet_hours else None
        return SettingsChange(
            has_sms=self.sms_enabled.value if self.sms_enabled else None,
            sms_consent=self.sms_consent_version,
            quiet_hours=quiet_hours.parse(hours.start, hours.end) if hours else None,
            is_never_quiet=self.quiet_hours is not None and hours is None,
            topics=self.topics.to_command() if self.topics else Topics(),
            accounts=[
                AccountTopics(
                    key_of(choice.account_id, "acc"), choice.topics and choice.topics.to_command()
                )
                for choice in self.accounts
            ],
            resumed=self.resume,
        )


@input_type
class NotificationsUnsubscribeInput:
    """The link in the mail."""

    token: str = strawberry.field(description="What stands behind `#token=` in the link.")


@input_type
class CalendarFeedSwitchInput:
    """Whether there is to be a calendar."""

    on: bool = strawberry.field(
        description="True gives it a new address, and ends the one before; false ends it."
    )
