"""Root mutations about accounts."""

import strawberry

from lk_graphql.accounts.errors import AccountErrorCode as Code
from lk_graphql.accounts.service import link_undo, links
from lk_graphql.accounts.service.claim_parsing import read_claim
from lk_graphql.accounts.service.linking import link_account, preview_link
from lk_graphql.accounts.service.verification import EVIDENCE
from lk_graphql.accounts.types import inputs, payloads
from lk_graphql.accounts.types.objects import Account
from lk_graphql.api.context import Info
from lk_graphql.api.root_fields import Access, Input, Mutation, mutation
from lk_graphql.kit.ids import key_of
from lk_graphql.planner.types import extends


@extends(Mutation)
class AccountsMutation:
    """Linking, renaming and unlinking of accounts."""

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.SUBSCRIBER_TYPE_UNSUPPORTED,
            Code.ACCOUNT_NUMBER_INVALID,
            Code.SURNAME_INVALID,
            Code.PROOF_INVALID,
            Code.LINK_PROOF_FAILED,
            Code.ALREADY_LINKED,
            Code.LINK_SUSPENDED,
            Code.TOO_MANY_TRIES,
        ],
    )
    async def account_link_preview(
        self, info: Info, input: Input[inputs.AccountLinkPreviewInput]
    ) -> payloads.AccountLinkPreviewPayload:
        """Prove an account and preview it, masked; nothing is saved yet («Вперёд»).

        Every failure returns `LINK_PROOF_FAILED`, which doesn't reveal whether there is such an
        account.
        """
        ctx = info.context
        claim = read_claim(input.to_command(), number_pattern=ctx.company.account_number_pattern)
        link_preview = await preview_link(
            ctx.viewer,
            claim,
            client=ctx.client,
            now=ctx.now,
            signer=ctx.ports.signer,
            evidence=EVIDENCE,
        )
        preview = payloads.AccountLinkPreview(
            masked_address=link_preview.masked_address,
            masked_holder=link_preview.masked_holder,
            token=link_preview.token,
            expires_at=link_preview.expires_at,
        )
        return payloads.AccountLinkPreviewPayload(preview=preview)

    @mutation(
        access=Access.CUSTOMER,
        codes=[
            Code.LINK_TOKEN_INVALID,
            Code.ALREADY_LINKED,
            Code.LINK_SUSPENDED,
            Code.TOO_MANY_TRIES,
        ],
    )
    async def account_link(
        self, info: Info, input: Input[inputs.AccountLinkInput]
    ) -> payloads.AccountLinkPayload:
        """Link the account of a preview to the customer's login («Сохранить»).

        The first to link it is its owner. Everybody else who has it gets a mail, from which they
        can suspend the new link.
        """
        ctx = info.context
        key = await link_account(
            ctx.viewer, input.token, client=ctx.client, now=ctx.now, signer=ctx.ports.signer
        )
        return payloads.AccountLinkPayload(account=ctx.rows.by_key(Account, key))

    @mutation(access=Access.ANYONE, codes=[Code.UNDO_TOKEN_INVALID])
    async def account_link_undo(
        self, info: Info, input: Input[inputs.AccountLinkUndoInput]
    ) -> payloads.AccountLinkUndoPayload:
        """Suspend the access of a login that has linked the customer's account, until staff decide.

        The token is from the mail about the new link; it works once, for 30 days, and without
        signing in.
        """
        ctx = info.context
        await link_undo.undo_link(
            input.token, client=ctx.client, now=ctx.now, signer=ctx.ports.signer
        )
        return payloads.AccountLinkUndoPayload(is_suspended=True)

    @mutation(access=Access.CUSTOMER, codes=[Code.ACCOUNT_NOT_FOUND])
    async def account_unlink(
        self, info: Info, input: Input[inputs.AccountUnlinkInput]
    ) -> payloads.AccountUnlinkPayload:
        """Unlink an account; it can be linked again by another proof.

        When its owner leaves, the member of longest standing becomes the owner.
        """
        ctx = info.context
        key = key_of(input.account_id, "acc")
        await links.unlink(ctx.viewer, key, client=ctx.client, now=ctx.now)
        return payloads.AccountUnlinkPayload(account_id=strawberry.ID(input.account_id))

    @mutation(access=Access.CUSTOMER, codes=[Code.ACCOUNT_NOT_FOUND, Code.NAME_INVALID])
    async def account_rename(
        self, info: Info, input: Input[inputs.AccountRenameInput]
    ) -> payloads.AccountRenamePayload:
        """Give an account the customer's own name («дача»), visible to nobody else."""
        ctx = info.context
        account_id = key_of(input.account_id, "acc")
        key = await links.rename(ctx.viewer, account_id, input.name, now=ctx.now)
        return payloads.AccountRenamePayload(account=ctx.rows.by_key(Account, key))
