"""Jobs: reminders of unpaid bills, receipts by mail, and deletion of old receipts."""

from uuid import UUID

from lk_graphql.billing.models import Invoice
from lk_graphql.billing.service import notifications
from lk_graphql.billing.service.receipts.storage import delete_unreferenced, may_read, receipt_file
from lk_graphql.identity.models import User
from lk_graphql.identity.service.users import mail_user
from lk_graphql.notifications.service.notices import EVERY_HOUR, MAX_DELAY, is_notice_time
from lk_graphql.ports.jobs import JobContext, job
from lk_graphql.ports.mail import MailAttachment


@job("billing.notify_of_payments", cron=EVERY_HOUR, time_limit=MAX_DELAY)
async def notify_of_payments(context: JobContext) -> None:
    """Notify customers of bills that are due soon or overdue."""
    if is_notice_time(context.now, context.company.zone):
        today = context.company.today(context.now)
        await notifications.notify_of_due(today, now=context.now)
        await notifications.notify_of_overdue(today, now=context.now)


@job("billing.delete_old_receipts", cron="40 2 * * *", time_limit=MAX_DELAY)
async def delete_old_receipts(context: JobContext) -> None:
    """Delete receipts that weren't read during the company's retention period."""
    await delete_unreferenced(
        context.ports.files, older_than=context.company.receipt_retention, now=context.now
    )


@job("billing.mail_receipt")
async def mail_receipt(context: JobContext, *, invoice_id: UUID, user_id: UUID) -> None:
    """Mail a receipt as a PDF to a user, unless they have lost access to the bill meanwhile."""
    ports, company = context.ports, context.company
    if not await may_read(user_id, invoice_id):
        return
    file = await receipt_file(
        invoice_id,
        files=ports.files,
        pdfs=ports.pdfs,
        company=company,
        now=context.now,
    )
    user = await User.get_or_none(id=user_id)
    invoice = await Invoice.filter(id=invoice_id).select_related("account").first()
    if file is None or user is None or invoice is None:
        return
    content = b"".join([chunk async for chunk in file.content(ports.files)])
    await mail_user(
        context,
        user,
        "lk_graphql.billing",
        "receipt_sent",
        attachments=(MailAttachment(file.name, "application/pdf", content),),
        number=invoice.account.number,
        period=f"{invoice.period:%m.%Y}",
        address=invoice.account.address,
    )
