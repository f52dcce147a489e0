"""Root mutations about notices."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.kit.ids import key_of
from lk_graphql.notifications.errors import NotificationErrorCode as Code
from lk_graphql.notifications.service import calendar, notices, settings
from lk_graphql.notifications.service.topics import unsubscribe
from lk_graphql.notifications.types import inputs, payloads
from lk_graphql.planner.types import extends


@extends(Mutation)
class NotificationsMutation:
    """Reading of notices, their settings, unsubscription and the calendar feed."""

    @mutation(access=Access.CUSTOMER, codes=[Code.NOTICE_NOT_FOUND, Code.TOO_MANY_NOTICES])
    async def notices_mark_read(
        self, info: Info, input: Input[inputs.NoticesMarkReadInput]
    ) -> payloads.NoticesMarkReadPayload:
        """Mark notices as read («прочитано»); notices read before are unchanged."""
        ctx = info.context
        if input.ids is not None:
            keys = [key_of(public, "ntc") for public in input.ids.value]
            await notices.mark_read(ctx.viewer, keys, now=ctx.now)
        if input.all_until is not None:
            await notices.mark_all_read(ctx.viewer, input.all_until.value, now=ctx.now)
        return payloads.NoticesMarkReadPayload()

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.PHONE_NOT_CONFIRMED,
            Code.CONSENT_OUTDATED,
            Code.QUIET_HOURS_INVALID,
            Code.ACCOUNT_NOT_FOUND,
            Code.TOO_MANY_ACCOUNTS,
            Code.TOO_MANY_TRIES,
        ],
    )
    async def notification_settings_update(
        self, info: Info, input: Input[inputs.NotificationSettingsUpdateInput]
    ) -> payloads.NotificationSettingsUpdatePayload:
        """Update the subscriptions by e-mail and by SMS («Мои подписки», «Сохранить»).

        Either all changes are saved or none. By default everything is sent by e-mail, and nothing
        by SMS.
        """
        ctx = info.context
        await settings.update(
            ctx.viewer,
            input.to_command(),
            client=ctx.client,
            signer=ctx.ports.signer,
            now=ctx.now,
        )
        return payloads.NotificationSettingsUpdatePayload()

    @mutation(access=Access.ANYONE, codes=[Code.UNSUBSCRIBE_TOKEN_INVALID])
    async def notifications_unsubscribe(
        self, info: Info, input: Input[inputs.NotificationsUnsubscribeInput]
    ) -> payloads.NotificationsUnsubscribePayload:
        """Unsubscribe from the topic of a mail («отписаться»), without sign-in.

        The subscription can be restored by `notificationSettingsUpdate`.
        """
        ctx = info.context
        topic = await unsubscribe(input.token, now=ctx.now, signer=ctx.ports.signer)
        return payloads.NotificationsUnsubscribePayload(topic=topic)

    @mutation(access=Access.CUSTOMER, codes=[Code.CALENDAR_NOT_FOUND])
    async def calendar_feed_switch(
        self, info: Info, input: Input[inputs.CalendarFeedSwitchInput]
    ) -> payloads.CalendarFeedSwitchPayload:
        """Create, change or delete the address for calendar programs («календарь»)."""
        ctx = info.context
        await calendar.switch(ctx.viewer, now=ctx.now, is_on=input.on)
        return payloads.CalendarFeedSwitchPayload()
