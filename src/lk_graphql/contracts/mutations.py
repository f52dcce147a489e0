"""Root mutations of contract applications."""

from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.contracts.errors import ContractErrorCode as Code
from lk_graphql.contracts.service import applications
from lk_graphql.contracts.service.applications import DocumentDraft, DraftRef
from lk_graphql.contracts.types import inputs, payloads
from lk_graphql.contracts.types.objects import ContractApplication
from lk_graphql.kit.ids import key_of
from lk_graphql.planner.types import extends


@extends(Mutation)
class ContractsMutation:
    """Create, update, attach, submit, answer, withdraw."""

    @mutation(
        access=Access.CUSTOMER, codes=[Code.NUMBER_MALFORMED, Code.TOO_MANY, Code.OBJECT_INVALID]
    )
    async def contract_application_create(
        self, info: Info, input: Input[inputs.ContractApplicationCreateInput]
    ) -> payloads.ContractApplicationCreatePayload:
        """Create an application («заявка на заключение договора»).

        The draft is saved at once and at each later step, so that no part of it can be lost.
        """
        ctx = info.context
        objects = [supplied.to_command() for supplied in input.objects]
        key = await applications.create(ctx.viewer, objects, now=ctx.now, today=ctx.today)
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationCreatePayload(application=application)

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.APPLICATION_NOT_FOUND,
            Code.STATE_FORBIDS,
            Code.VERSION_OUTDATED,
            Code.NUMBER_MALFORMED,
            Code.TOO_MANY,
            Code.OBJECT_INVALID,
        ],
    )
    async def contract_application_update(
        self, info: Info, input: Input[inputs.ContractApplicationUpdateInput]
    ) -> payloads.ContractApplicationUpdatePayload:
        """Save the draft's list of objects («список объектов»)."""
        ctx = info.context
        objects = [supplied.to_command() for supplied in input.objects]
        draft = DraftRef(key_of(input.application_id, "cap"), input.version)
        key = await applications.update(ctx.viewer, draft, objects, now=ctx.now, today=ctx.today)
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationUpdatePayload(application=application)

    @mutation(
        access=Access.CUSTOMER,
        codes=[Code.APPLICATION_NOT_FOUND, Code.STATE_FORBIDS, Code.TOO_MANY, Code.UPLOAD_UNUSABLE],
    )
    async def contract_application_attach_document(
        self, info: Info, input: Input[inputs.ContractApplicationAttachDocumentInput]
    ) -> payloads.ContractApplicationAttachDocumentPayload:
        """Add an uploaded file to a draft, or to an answer («загрузить документы»)."""
        ctx = info.context
        key = await applications.attach(
            ctx.viewer,
            key_of(input.application_id, "cap"),
            DocumentDraft(input.kind, key_of(input.upload_id, "upl")),
            now=ctx.now,
            today=ctx.today,
        )
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationAttachDocumentPayload(application=application)

    @mutation(
        access=Access.CUSTOMER,
        codes=[Code.APPLICATION_NOT_FOUND, Code.STATE_FORBIDS, Code.DOCUMENT_NOT_FOUND],
    )
    async def contract_application_detach_document(
        self, info: Info, input: Input[inputs.ContractApplicationDetachDocumentInput]
    ) -> payloads.ContractApplicationDetachDocumentPayload:
        """Remove a document from a draft; its file is deleted."""
        ctx = info.context
        key = await applications.detach(
            ctx.viewer,
            key_of(input.application_id, "cap"),
            key_of(input.upload_id, "upl"),
            now=ctx.now,
        )
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationDetachDocumentPayload(application=application)

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.APPLICATION_NOT_FOUND,
            Code.STATE_FORBIDS,
            Code.VERSION_OUTDATED,
            Code.APPLICATION_INCOMPLETE,
        ],
    )
    async def contract_application_submit(
        self, info: Info, input: Input[inputs.ContractApplicationSubmitInput]
    ) -> payloads.ContractApplicationSubmitPayload:
        """Submit a draft: it gets a number, sent by mail as well, and can't be changed any more."""
        ctx = info.context
        draft = DraftRef(key_of(input.application_id, "cap"), input.version)
        key = await applications.submit(ctx.viewer, draft, now=ctx.now, today=ctx.today)
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationSubmitPayload(application=application)

    @mutation(
        access=Access.CUSTOMER,
        codes=[Code.APPLICATION_NOT_FOUND, Code.STATE_FORBIDS, Code.TEXT_INVALID],
    )
    async def contract_application_answer(
        self, info: Info, input: Input[inputs.ContractApplicationAnswerInput]
    ) -> payloads.ContractApplicationAnswerPayload:
        """Answer a question of staff."""
        ctx = info.context
        key = await applications.answer(
            ctx.viewer, key_of(input.application_id, "cap"), input.text, now=ctx.now
        )
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationAnswerPayload(application=application)

    @mutation(access=Access.CUSTOMER, codes=[Code.APPLICATION_NOT_FOUND, Code.STATE_FORBIDS])
    async def contract_application_withdraw(
        self, info: Info, input: Input[inputs.ContractApplicationWithdrawInput]
    ) -> payloads.ContractApplicationWithdrawPayload:
        """Withdraw an undecided application («отозвать заявку»); a mail confirms it."""
        ctx = info.context
        key = await applications.withdraw(
            ctx.viewer, key_of(input.application_id, "cap"), now=ctx.now
        )
        application = ctx.rows.by_key(ContractApplication, key)
        return payloads.ContractApplicationWithdrawPayload(application=application)
