"""Staff mutations on account links, appeals, contract applications and logins.

The order of the classes is the order of the fields in `schema.graphql`.
"""

from uuid import UUID

import strawberry

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.appeals.errors import AppealErrorCode
from lk_graphql.appeals.mutations import ATTACHMENT_CODES, upload_keys
from lk_graphql.backoffice.service import accounts, appeals, applications, customers
from lk_graphql.backoffice.types import appeals as appeal_types
from lk_graphql.backoffice.types import applications as application_types
from lk_graphql.backoffice.types import inputs, payloads
from lk_graphql.backoffice.types.appeals import StaffAppeal, StaffAppealTopic
from lk_graphql.backoffice.types.applications import StaffContractApplication
from lk_graphql.backoffice.types.customers import StaffAccount, StaffAccountLink, StaffCustomer
from lk_graphql.contracts.errors import ContractErrorCode
from lk_graphql.kit.ids import key_of, optional_key_of, to_public
from lk_graphql.planner.declare.scalars import Url
from lk_graphql.planner.types import extends
from lk_graphql.staff.errors import StaffErrorCode
from lk_graphql.staff.types.inputs import staff_action
from lk_graphql.uploads.mutations import CREATE_CODES, create_upload
from lk_graphql.uploads.service.creation import Uploader, answer_allowance

LINK_CODES = (StaffErrorCode.LINK_NOT_SUSPENDED, StaffErrorCode.REASON_REQUIRED)


@extends(Mutation)
class StaffLinkMutation:
    """Decisions on suspended links."""

    @mutation(access=Access.SUPERVISOR, codes=LINK_CODES)
    async def staff_link_restore(
        self, info: Info, input: Input[inputs.StaffLinkRestoreInput]
    ) -> payloads.StaffLinkRestorePayload:
        """Restore a suspended link («восстановить доступ»); the customer is notified by mail."""
        key = await _decide_link(info, input, is_restored=True)
        link = info.context.rows.by_key(StaffAccountLink, key)
        return payloads.StaffLinkRestorePayload(link=link)

    @mutation(access=Access.SUPERVISOR, codes=LINK_CODES)
    async def staff_link_end(
        self, info: Info, input: Input[inputs.StaffLinkEndInput]
    ) -> payloads.StaffLinkEndPayload:
        """End a suspended link permanently («закрыть доступ»); the customer is notified by mail."""
        key = await _decide_link(info, input, is_restored=False)
        link = info.context.rows.by_key(StaffAccountLink, key)
        return payloads.StaffLinkEndPayload(link=link)


@extends(Mutation)
class StaffHouseholdMutation:
    """Records of households."""

    @mutation(
        access=Access.SUPERVISOR,
        codes=(StaffErrorCode.NO_EARLIER_HOLDER, StaffErrorCode.REASON_REQUIRED),
    )
    async def staff_household_record(
        self, info: Info, input: Input[inputs.StaffHouseholdRecordInput]
    ) -> payloads.StaffHouseholdRecordPayload:
        """Record that an account's holder and the one before are one household («одна семья»).

        Customers who have linked the account then see the bills, readings and payments of both: a
        widow those of her husband. Without it, nothing of an earlier holder's time is shown.
        """
        key = await _record_household(info, input, is_one=True)
        account = info.context.rows.by_key(StaffAccount, key)
        return payloads.StaffHouseholdRecordPayload(account=account)

    @mutation(
        access=Access.SUPERVISOR,
        codes=(StaffErrorCode.HOUSEHOLD_NOT_RECORDED, StaffErrorCode.REASON_REQUIRED),
    )
    async def staff_household_revoke(
        self, info: Info, input: Input[inputs.StaffHouseholdRevokeInput]
    ) -> payloads.StaffHouseholdRevokePayload:
        """Revoke the record of a household: the earlier holder's time is no longer shown."""
        key = await _record_household(info, input, is_one=False)
        account = info.context.rows.by_key(StaffAccount, key)
        return payloads.StaffHouseholdRevokePayload(account=account)


async def _record_household(
    info: Info, input: inputs.StaffHouseholdRecordInput, *, is_one: bool
) -> UUID:
    action, key = staff_action(info.context), key_of(input.account_id, "sac")
    return await accounts.record_household(action, key, input.reason, is_one=is_one)


async def _decide_link(
    info: Info, input: inputs.StaffLinkRestoreInput, *, is_restored: bool
) -> UUID:
    action, key = staff_action(info.context), key_of(input.link_id, "sal")
    return await accounts.restore_or_end_link(action, key, input.reason, is_restored=is_restored)


APPEAL_CODES = (AppealErrorCode.APPEAL_NOT_FOUND, AppealErrorCode.APPEAL_CLOSED)


@extends(Mutation)
class StaffAppealMutation:
    """Work on appeals."""

    @mutation(access=Access.CLERK, codes=(*APPEAL_CODES, AppealErrorCode.APPEAL_TAKEN))
    async def staff_appeal_claim(
        self, info: Info, input: Input[appeal_types.StaffAppealClaimInput]
    ) -> appeal_types.StaffAppealClaimPayload:
        """Claim an appeal from the queue («взять в работу»)."""
        ctx = info.context
        key = await appeals.claim(staff_action(ctx), input.key())
        return appeal_types.StaffAppealClaimPayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(access=Access.CLERK, codes=CREATE_CODES)
    async def staff_attachment_create(
        self, info: Info, input: Input[appeal_types.StaffAttachmentCreateInput]
    ) -> appeal_types.StaffAttachmentCreatePayload:
        """Announce a file for an answer («приложить документ»), and get the URL to PUT it to.

        It is checked as customers' files are. `staff.uploads` shows its state; an answer accepts it
        once it is READY.
        """
        ctx = info.context
        uploader = Uploader(staff_id=ctx.staff.id)
        key, url = await create_upload(
            ctx, uploader, input.to_command(), allowance=answer_allowance(ctx.ports)
        )
        return appeal_types.StaffAttachmentCreatePayload(
            upload_id=strawberry.ID(to_public("upl", key)), url=Url(url)
        )

    @mutation(
        access=Access.CLERK,
        codes=(
            *APPEAL_CODES,
            AppealErrorCode.APPEAL_TAKEN,
            AppealErrorCode.TEXT_INVALID,
            *ATTACHMENT_CODES,
        ),
    )
    async def staff_appeal_answer(
        self, info: Info, input: Input[appeal_types.StaffAppealAnswerInput]
    ) -> appeal_types.StaffAppealAnswerPayload:
        """Answer an appeal («ответить»), claiming it if unclaimed; the customer is notified."""
        ctx = info.context
        key = await appeals.answer(
            staff_action(ctx), input.key(), input.text, upload_keys(input.upload_ids)
        )
        return appeal_types.StaffAppealAnswerPayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(
        access=Access.CLERK, codes=(AppealErrorCode.APPEAL_NOT_FOUND, AppealErrorCode.TEXT_INVALID)
    )
    async def staff_appeal_note(
        self, info: Info, input: Input[appeal_types.StaffAppealNoteInput]
    ) -> appeal_types.StaffAppealNotePayload:
        """Add a note for colleagues («внутренняя заметка»), never visible to customers."""
        ctx = info.context
        key = await appeals.add_note(staff_action(ctx), input.key(), input.text)
        return appeal_types.StaffAppealNotePayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(
        access=Access.CLERK,
        codes=(*APPEAL_CODES, AppealErrorCode.TOPIC_NOT_FOUND, AppealErrorCode.COLLEAGUE_NOT_FOUND),
    )
    async def staff_appeal_transfer(
        self, info: Info, input: Input[appeal_types.StaffAppealTransferInput]
    ) -> appeal_types.StaffAppealTransferPayload:
        """Transfer an appeal to a colleague, or back to the queue («передать»)."""
        ctx = info.context
        key = await appeals.transfer(
            staff_action(ctx),
            input.key(),
            member_id=optional_key_of(input.member_id, "stf"),
            topic_id=input.topic_key(),
            today=ctx.today,
        )
        return appeal_types.StaffAppealTransferPayload(appeal=ctx.rows.by_key(StaffAppeal, key))

    @mutation(access=Access.CLERK, codes=APPEAL_CODES)
    async def staff_appeal_close(
        self, info: Info, input: Input[appeal_types.StaffAppealCloseInput]
    ) -> appeal_types.StaffAppealClosePayload:
        """Close an appeal that needs no answer any more («закрыть»)."""
        ctx = info.context
        key = await appeals.close(staff_action(ctx), input.key())
        return appeal_types.StaffAppealClosePayload(appeal=ctx.rows.by_key(StaffAppeal, key))


APPLICATION_CODES = (ContractErrorCode.APPLICATION_NOT_FOUND, ContractErrorCode.STATE_FORBIDS)
OWN_APPLICATION_CODES = (*APPLICATION_CODES, ContractErrorCode.APPLICATION_TAKEN)


@extends(Mutation)
class StaffContractMutation:
    """Work on contract applications."""

    @mutation(access=Access.CLERK, codes=OWN_APPLICATION_CODES)
    async def staff_contract_application_claim(
        self, info: Info, input: Input[application_types.StaffContractApplicationClaimInput]
    ) -> application_types.StaffContractApplicationClaimPayload:
        """Claim an application from the queue («взять в работу»); the customer is notified."""
        ctx = info.context
        key = await applications.claim(staff_action(ctx), input.key())
        application = ctx.rows.by_key(StaffContractApplication, key)
        return application_types.StaffContractApplicationClaimPayload(application=application)

    @mutation(access=Access.CLERK, codes=(*OWN_APPLICATION_CODES, ContractErrorCode.TEXT_INVALID))
    async def staff_contract_application_ask(
        self, info: Info, input: Input[application_types.StaffContractApplicationAskInput]
    ) -> application_types.StaffContractApplicationAskPayload:
        """Ask the customer a question («задать вопрос»); the answer may include documents."""
        ctx = info.context
        key = await applications.ask_question(staff_action(ctx), input.key(), input.text)
        application = ctx.rows.by_key(StaffContractApplication, key)
        return application_types.StaffContractApplicationAskPayload(application=application)

    @mutation(access=Access.CLERK, codes=(*OWN_APPLICATION_CODES, ContractErrorCode.TEXT_INVALID))
    async def staff_contract_application_decide(
        self, info: Info, input: Input[application_types.StaffContractApplicationDecideInput]
    ) -> application_types.StaffContractApplicationDecidePayload:
        """Approve or decline a claimed application («принять решение»), with the reason."""
        ctx = info.context
        key = await applications.decide(
            staff_action(ctx), input.key(), is_approved=input.is_approved, reason=input.reason
        )
        application = ctx.rows.by_key(StaffContractApplication, key)
        return application_types.StaffContractApplicationDecidePayload(application=application)

    @mutation(
        access=Access.CLERK, codes=(*APPLICATION_CODES, ContractErrorCode.COLLEAGUE_NOT_FOUND)
    )
    async def staff_contract_application_transfer(
        self, info: Info, input: Input[application_types.StaffContractApplicationTransferInput]
    ) -> application_types.StaffContractApplicationTransferPayload:
        """Transfer an application to a colleague, or back to the queue («передать»)."""
        ctx = info.context
        key = await applications.transfer(
            staff_action(ctx), input.key(), member_id=optional_key_of(input.member_id, "stf")
        )
        application = ctx.rows.by_key(StaffContractApplication, key)
        return application_types.StaffContractApplicationTransferPayload(application=application)

    @mutation(
        access=Access.CLERK,
        codes=(ContractErrorCode.APPLICATION_NOT_FOUND, ContractErrorCode.TEXT_INVALID),
    )
    async def staff_contract_application_note(
        self, info: Info, input: Input[application_types.StaffContractApplicationNoteInput]
    ) -> application_types.StaffContractApplicationNotePayload:
        """Add a note for colleagues («внутренняя заметка»), never visible to customers."""
        ctx = info.context
        key = await applications.add_note(staff_action(ctx), input.key(), input.text)
        application = ctx.rows.by_key(StaffContractApplication, key)
        return application_types.StaffContractApplicationNotePayload(application=application)


CUSTOMER_CODES = (StaffErrorCode.CUSTOMER_NOT_FOUND, StaffErrorCode.REASON_REQUIRED)


@extends(Mutation)
class StaffCustomerMutation:
    """Actions on customers' logins."""

    @mutation(access=Access.SUPERVISOR, codes=CUSTOMER_CODES)
    async def staff_customer_lock(
        self, info: Info, input: Input[inputs.StaffCustomerLockInput]
    ) -> payloads.StaffCustomerLockPayload:
        """Lock a customer out («заблокировать»); their sessions end at once."""
        ctx = info.context
        key = await customers.lock(staff_action(ctx), input.to_command())
        return payloads.StaffCustomerLockPayload(customer=ctx.rows.by_key(StaffCustomer, key))

    @mutation(access=Access.SUPERVISOR, codes=CUSTOMER_CODES)
    async def staff_customer_unlock(
        self, info: Info, input: Input[inputs.StaffCustomerUnlockInput]
    ) -> payloads.StaffCustomerUnlockPayload:
        """Unlock a customer («разблокировать»)."""
        ctx = info.context
        key = await customers.unlock(staff_action(ctx), input.to_command())
        return payloads.StaffCustomerUnlockPayload(customer=ctx.rows.by_key(StaffCustomer, key))

    @mutation(access=Access.CLERK, codes=CUSTOMER_CODES)
    async def staff_customer_sessions_end(
        self, info: Info, input: Input[inputs.StaffCustomerSessionsEndInput]
    ) -> payloads.StaffCustomerSessionsEndPayload:
        """Sign a customer out on all devices, for example after the loss of a telephone."""
        ctx = info.context
        key = await customers.end_sessions(staff_action(ctx), input.to_command())
        return payloads.StaffCustomerSessionsEndPayload(
            customer=ctx.rows.by_key(StaffCustomer, key)
        )

    @mutation(access=Access.CLERK, codes=(*CUSTOMER_CODES, StaffErrorCode.CUSTOMER_ACTIVE))
    async def staff_activation_resend(
        self, info: Info, input: Input[inputs.StaffActivationResendInput]
    ) -> payloads.StaffActivationResendPayload:
        """Send the mail with a customer's activation link again."""
        ctx = info.context
        key = await customers.resend_activation(staff_action(ctx), input.to_command())
        return payloads.StaffActivationResendPayload(customer=ctx.rows.by_key(StaffCustomer, key))

    @mutation(access=Access.CLERK, codes=CUSTOMER_CODES)
    async def staff_contacts_show(
        self, info: Info, input: Input[inputs.StaffContactsShowInput]
    ) -> payloads.StaffContactsShowPayload:
        """Show a customer's e-mail address and telephone number.

        The customer sees the access and its reason.
        """
        contacts = await customers.show_contacts(staff_action(info.context), input.to_command())
        return payloads.StaffContactsShowPayload(email=contacts.email, phone=contacts.phone)

    @mutation(access=Access.CLERK, codes=CUSTOMER_CODES)
    async def staff_cabinet_open(
        self, info: Info, input: Input[inputs.StaffCabinetOpenInput]
    ) -> payloads.StaffCabinetOpenPayload:
        """Open a cabinet as the customer sees it («войти как клиент»), for a quarter of an hour.

        Nothing can be changed there; the customer sees the access and its reason.
        """
        session = await customers.open_cabinet(staff_action(info.context), input.to_command())
        return payloads.StaffCabinetOpenPayload(token=session.token, expires_at=session.expires_at)


TOPIC_CODES = (
    AppealErrorCode.TEXT_INVALID,
    AppealErrorCode.TERM_INVALID,
    AppealErrorCode.TOPIC_KNOWN,
)


@extends(Mutation)
class StaffTopicMutation:
    """Topics of appeals."""

    @mutation(access=Access.SUPERVISOR, codes=TOPIC_CODES)
    async def staff_appeal_topic_add(
        self, info: Info, input: Input[appeal_types.StaffAppealTopicAddInput]
    ) -> appeal_types.StaffAppealTopicAddPayload:
        """Add a topic after all others («добавить тему»); customers can choose it at once."""
        ctx = info.context
        key = await appeals.add(staff_action(ctx), input.to_command(), today=ctx.today)
        return appeal_types.StaffAppealTopicAddPayload(topic=ctx.rows.by_key(StaffAppealTopic, key))

    @mutation(
        access=Access.SUPERVISOR,
        codes=(*TOPIC_CODES, AppealErrorCode.TOPIC_NOT_FOUND, AppealErrorCode.TOPIC_FIXED),
    )
    async def staff_appeal_topic_change(
        self, info: Info, input: Input[appeal_types.StaffAppealTopicChangeInput]
    ) -> appeal_types.StaffAppealTopicChangePayload:
        """Rename, withdraw or offer a topic, or set its term («изменить тему»).

        The ten original topics keep their titles and positions; their terms may change.
        """
        ctx = info.context
        key = await appeals.change(
            staff_action(ctx), input.key(), input.to_command(), today=ctx.today
        )
        return appeal_types.StaffAppealTopicChangePayload(
            topic=ctx.rows.by_key(StaffAppealTopic, key)
        )
