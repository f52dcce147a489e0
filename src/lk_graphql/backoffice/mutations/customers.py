"""What staff do for customers, and with their logins."""

from lk_graphql.api.access import Access
from lk_graphql.api.context import Info
from lk_graphql.api.mutation import Input, Mutation, mutation
from lk_graphql.backoffice.errors import StaffErrorCode as Code
from lk_graphql.backoffice.service import customers
from lk_graphql.backoffice.types import inputs, payloads
from lk_graphql.backoffice.types.acting import doing
from lk_graphql.backoffice.types.customers import StaffCustomer
from lk_graphql.reads.declare import extends

CODES = (Code.CUSTOMER_NOT_FOUND, Code.REASON_REQUIRED)


@extends(Mutation)
class StaffCustomerMutation:
    """What staff do with logins."""

    @mutation(access=Access.SUPERVISOR, codes=CODES)
    async def staff_customer_lock(
        self, info: Info, input: Input[inputs.StaffCustomerLockInput]
    ) -> payloads.StaffCustomerLockPayload:
        """Keep a customer out («заблокировать»); their sessions end at once."""
        ctx = info.context
        key = await customers.lock(doing(ctx), input.unpacked())
        return payloads.StaffCustomerLockPayload(customer=ctx.rows.by_key(StaffCustomer, key))

    @mutation(access=Access.SUPERVISOR, codes=CODES)
    async def staff_customer_unlock(
        self, info: Info, input: Input[inputs.StaffCustomerUnlockInput]
    ) -> payloads.StaffCustomerUnlockPayload:
        """Let a customer in again («разблокировать»)."""
        ctx = info.context
        key = await customers.unlock(doing(ctx), input.unpacked())
        return payloads.StaffCustomerUnlockPayload(customer=ctx.rows.by_key(StaffCustomer, key))

    @mutation(access=Access.CLERK, codes=CODES)
    async def staff_customer_sessions_end(
        self, info: Info, input: Input[inputs.StaffCustomerSessionsEndInput]
    ) -> payloads.StaffCustomerSessionsEndPayload:
        """Sign a customer out everywhere: a lost telephone."""
        ctx = info.context
        key = await customers.end_sessions(doing(ctx), input.unpacked())
        return payloads.StaffCustomerSessionsEndPayload(
            customer=ctx.rows.by_key(StaffCustomer, key)
        )

    @mutation(access=Access.CLERK, codes=(*CODES, Code.CUSTOMER_ACTIVE))
    async def staff_activation_resend(
        self, info: Info, input: Input[inputs.StaffActivationResendInput]
    ) -> payloads.StaffActivationResendPayload:
        """Mail a customer the activation link once more."""
        ctx = info.context
        key = await customers.resend_activation(doing(ctx), input.unpacked())
        return payloads.StaffActivationResendPayload(customer=ctx.rows.by_key(StaffCustomer, key))

    @mutation(access=Access.CLERK, codes=CODES)
    async def staff_contacts_show(
        self, info: Info, input: Input[inputs.StaffContactsShowInput]
    ) -> payloads.StaffContactsShowPayload:
        """Show a customer's address and telephone number; the customer sees that, and why."""
        shown = await customers.show_contacts(doing(info.context), input.unpacked())
        return payloads.StaffContactsShowPayload(email=shown.email, phone=shown.phone)

    @mutation(access=Access.CLERK, codes=CODES)
    async def staff_cabinet_open(
        self, info: Info, input: Input[inputs.StaffCabinetOpenInput]
    ) -> payloads.StaffCabinetOpenPayload:
        """Look at a cabinet as the customer sees it («войти как клиент»), for a quarter of an hour.

        Nothing can be changed there; the customer sees that staff looked, and why.
        """
        opened = await customers.open_cabinet(doing(info.context), input.unpacked())
        return payloads.StaffCabinetOpenPayload(token=opened.token, expires_at=opened.expires_at)
