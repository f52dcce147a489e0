"""Staff decide about applications for a contract."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.service import applications
from lk_graphql.backoffice.types import applications as types
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.applications import StaffContractApplication
from lk_graphql.contracts.errors import ContractErrorCode as Code
from lk_graphql.kit.ids import named
from lk_graphql.reads.declare import extends

OPEN = (Code.APPLICATION_NOT_FOUND, Code.STATE_FORBIDS)
OWN = (*OPEN, Code.APPLICATION_TAKEN)


@extends(Mutation)
class StaffContractMutation:
    """Staff decide about applications."""

    @mutation(access=Access.CLERK, codes=OWN)
    async def staff_contract_application_claim(
        self, info: Info, input: Input[types.StaffContractApplicationClaimInput]
    ) -> types.StaffContractApplicationClaimPayload:
        """Take an application out of the queue («взять в работу»); the customer is told."""
        ctx = info.context
        key = await applications.claim(doing(ctx), input.key())
        application = ctx.rows.by_key(StaffContractApplication, key)
        return types.StaffContractApplicationClaimPayload(application=application)

    @mutation(access=Access.CLERK, codes=(*OWN, Code.TEXT_INVALID))
    async def staff_contract_application_ask(
        self, info: Info, input: Input[types.StaffContractApplicationAskInput]
    ) -> types.StaffContractApplicationAskPayload:
        """Ask the customer something («задать вопрос»): they answer, and may attach documents."""
        ctx = info.context
        key = await applications.ask(doing(ctx), input.key(), input.text)
        application = ctx.rows.by_key(StaffContractApplication, key)
        return types.StaffContractApplicationAskPayload(application=application)

    @mutation(access=Access.CLERK, codes=(*OWN, Code.TEXT_INVALID))
    async def staff_contract_application_decide(
        self, info: Info, input: Input[types.StaffContractApplicationDecideInput]
    ) -> types.StaffContractApplicationDecidePayload:
        """Approve or decline an application that you have («принять решение»), with the reason."""
        ctx = info.context
        key = await applications.decide(
            doing(ctx), input.key(), is_approved=input.is_approved, reason=input.reason
        )
        application = ctx.rows.by_key(StaffContractApplication, key)
        return types.StaffContractApplicationDecidePayload(application=application)

    @mutation(access=Access.CLERK, codes=(*OPEN, Code.COLLEAGUE_NOT_FOUND))
    async def staff_contract_application_transfer(
        self, info: Info, input: Input[types.StaffContractApplicationTransferInput]
    ) -> types.StaffContractApplicationTransferPayload:
        """Hand an application to a colleague, or back into the queue («передать»)."""
        ctx = info.context
        key = await applications.transfer(doing(ctx), input.key(), to=named(input.member_id, "stf"))
        application = ctx.rows.by_key(StaffContractApplication, key)
        return types.StaffContractApplicationTransferPayload(application=application)

    @mutation(access=Access.CLERK, codes=(Code.APPLICATION_NOT_FOUND, Code.TEXT_INVALID))
    async def staff_contract_application_note(
        self, info: Info, input: Input[types.StaffContractApplicationNoteInput]
    ) -> types.StaffContractApplicationNotePayload:
        """Write something for colleagues («внутренняя заметка»); no customer sees it."""
        ctx = info.context
        key = await applications.note(doing(ctx), input.key(), input.text)
        application = ctx.rows.by_key(StaffContractApplication, key)
        return types.StaffContractApplicationNotePayload(application=application)
