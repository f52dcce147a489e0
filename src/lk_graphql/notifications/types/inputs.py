"""Inputs of the notification mutations, with their conversion to commands."""

from datetime import datetime

import strawberry

from lk_graphql.api.graphql_types import choice_type, input_type
from lk_graphql.kit.ids import key_of
from lk_graphql.notifications.models import NoticeChannel, NoticeTopic
from lk_graphql.notifications.service.settings import (
    AccountTopics,
    QuietHours,
    SettingsChange,
    Topics,
)


@choice_type
class NoticesMarkReadInput:
    """The notices to mark as read: exactly one of the fields."""

    ids: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="The ids of the notices, at most 100; all are marked or none."
    )
    all_until: strawberry.Maybe[datetime] = strawberry.field(
        description=(
            "The date and time up to which all notices are marked: the `createdAt` of the "
            "newest one shown."
        )
    )


@input_type
class NoticeTopicsInput:
    """The topics to subscribe to by each channel, and no others."""

    email: strawberry.Maybe[list[NoticeTopic]] = strawberry.field(
        description="The topics to send by e-mail, and no others."
    )
    sms: strawberry.Maybe[list[NoticeTopic]] = strawberry.field(
        description="The topics to send by SMS while they are switched on, and no others."
    )

    def to_command(self) -> Topics:
        return Topics(
            email=self.email.value if self.email else None,
            sms=self.sms.value if self.sms else None,
        )


@input_type
class QuietHoursInput:
    """The hours without deliveries, in the company's time zone."""

    start: str = strawberry.field(description="The start of the hours, `22:00`.")
    end: str = strawberry.field(
        description="The end of the hours, exclusive, `08:00`; it may be on the next day."
    )


@input_type
class AccountNoticeTopicsInput:
    """The subscriptions for one account."""

    account_id: strawberry.ID = strawberry.field(description="The id of the account.")
    topics: NoticeTopicsInput | None = strawberry.field(
        description=(
            "The topics of the account; null removes them, and the general topics apply again."
        )
    )


@input_type
class NotificationSettingsUpdateInput:
    """Changes of the settings; omitted fields are unchanged."""

    sms_enabled: strawberry.Maybe[bool] = strawberry.field(
        description=(
            "Whether SMS are sent at all. Switching them on requires a confirmed number; "
            "switching them off withdraws the consent to them."
        )
    )
    sms_consent_version: str | None = strawberry.field(
        default=None,
        description=(
            "To switch SMS on, the version of the document SMS, from "
            "`publicSettings.consentDocuments`, that was shown to the person and agreed to."
        ),
    )
    quiet_hours: strawberry.Maybe[QuietHoursInput | None] = strawberry.field(
        description="The hours without deliveries («тихие часы»); null removes them."
    )
    topics: NoticeTopicsInput | None = strawberry.field(
        default=None, description="The topics for all accounts without topics of their own."
    )
    accounts: list[AccountNoticeTopicsInput] = strawberry.field(
        default_factory=list[AccountNoticeTopicsInput],
        description="The topics of single accounts, at most 50.",
    )
    resume: list[NoticeChannel] = strawberry.field(
        default_factory=list[NoticeChannel],
        description=(
            "The channels to resume after `emailRefusedAt` or `smsRefusedAt`, if the address "
            "is right and accepts messages again."
        ),
    )

    def to_command(self) -> SettingsChange:
        """Raises `QuietHoursInvalid`."""
        hours = self.quiet_hours.value if self.quiet_hours else None
        return SettingsChange(
            has_sms=self.sms_enabled.value if self.sms_enabled else None,
            sms_consent=self.sms_consent_version,
            quiet_hours=QuietHours.parse(hours.start, hours.end) if hours else None,
            is_never_quiet=self.quiet_hours is not None and hours is None,
            topics=self.topics.to_command() if self.topics else Topics(),
            accounts=[
                AccountTopics(
                    key_of(account.account_id, "acc"),
                    account.topics and account.topics.to_command(),
                )
                for account in self.accounts
            ],
            resumed=self.resume,
        )


@input_type
class NotificationsUnsubscribeInput:
    """An unsubscription by the link in a mail."""

    token: str = strawberry.field(description="The text after `#token=` in the mail's link.")


@input_type
class CalendarFeedSwitchInput:
    """A change of the calendar's address."""

    on: bool = strawberry.field(
        description=(
            "Whether the calendar has an address: true creates a new one in place of any "
            "earlier one; false deletes it."
        )
    )
