"""Registration and activation of logins."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.guards import rate_limits
from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import Document, DocumentKind, LinkPurpose, User
from lk_graphql.identity.service import captchas, consents, forms, limits, one_time_links
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.forms import FullName
from lk_graphql.identity.service.one_time_links import ACTIVATION_LIFETIME, MailedLink
from lk_graphql.kit import emails
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.passwords import Passwords


@dataclass(frozen=True)
class Registration:
    """The form as it was typed; the versions are those of the documents that were shown."""

    last_name: str
    first_name: str
    patronymic: str | None
    has_no_patronymic: bool
    email: str
    phone: str
    password: str
    terms_version: str
    personal_data_version: str
    captcha: CaptchaAnswer


@dataclass(frozen=True)
class _ValidRegistration:
    name: FullName
    email: Email
    phone: Phone
    documents: list[Document]


async def register(
    form: Registration, *, client: Client, now: datetime, passwords: Passwords, links: Signer
) -> None:
    """Take a registration and mail what the address's owner has to know.

    It says nothing about whether the address is known, and does the same work either way: a user
    who isn't activated reserves no address, so that one is always created; the mail's job finds
    out whether to send an activation link or «you have a login already».

    Raises `Refusals` with every fault of the form. A captcha that was solved is only used up
    when all the rest is right: who mistypes the telephone number needn't read letters again.
    """
    accepted = await _read(form, now=now, passwords=passwords, links=links)
    from_where = rate_limits.client_network(client.address)
    await rate_limits.count_attempt(limits.REGISTER_FROM_CLIENT, from_where, signer=links, now=now)
    await rate_limits.count_attempt(limits.REGISTER_OF_EMAIL, accepted.email, signer=links, now=now)
    await captchas.use(form.captcha, now=now)
    password_hash = await passwords.hash(form.password)
    async with in_transaction():
        user = await _create(accepted, password_hash, client=client, now=now)
        await consents.record(user, accepted.documents, client=client, now=now)
        link = await one_time_links.issue(
            user, LinkPurpose.ACTIVATION, lifetime=ACTIVATION_LIFETIME, now=now
        )
        await enqueue("identity.mail_activation", link_id=link.id)


async def _read(
    typed: Registration, *, now: datetime, passwords: Passwords, links: Signer
) -> _ValidRegistration:
    form, email = FormErrors(), None
    name = forms.full_name(form, typed, has_no_patronymic=typed.has_no_patronymic)
    with form.field("email"):
        email = forms.email(typed.email)
    with form.field("phone"):
        phone = forms.phone(typed.phone)
    forms.new_password(form, "password", typed.password, passwords=passwords, email=email)
    documents = await consents.current(now=now)
    with form.field("termsVersion"):
        terms = consents.matching_document(documents, DocumentKind.TERMS, typed.terms_version)
    with form.field("personalDataVersion"):
        personal_data = consents.matching_document(
            documents, DocumentKind.PERSONAL_DATA, typed.personal_data_version
        )
    with form.field("captcha"):
        await captchas.check(typed.captcha, links=links, now=now)
    form.check()
    return _ValidRegistration(name, email, phone, documents=[terms, personal_data])


async def _create(
    form: _ValidRegistration, password_hash: str, *, client: Client, now: datetime
) -> User:
    return await User.create(
        email=emails.display(form.email),
        email_key=form.email,
        phone=form.phone,
        has_no_patronymic=form.name.patronymic is None,
        **form.name._asdict(),
        password_hash=password_hash,
        preferred_language=client.language,
        created_at=now,
        password_changed_at=now,
    )


_RESENT = MailedLink(
    LinkPurpose.ACTIVATION,
    ACTIVATION_LIFETIME,
    limits.RESEND_FROM_CLIENT,
    limits.RESEND_OF_EMAIL,
    "identity.mail_activation",
)


async def activate(token: str, *, links: Signer, now: datetime) -> None:
    """Open the login to its owner. Raises `LinkInvalid`.

    Of several registrations for one address, the one whose link is followed first has it.
    """
    followed = await one_time_links.find(token, LinkPurpose.ACTIVATION, links=links, now=now)
    if followed is None:
        raise LinkInvalid("token")
    link, user = followed
    try:
        async with in_transaction():
            if not await one_time_links.use(link, now=now):
                raise LinkInvalid("token")
            await User.filter(id=user.id).update(activated_at=now)
            await one_time_links.cancel(user, LinkPurpose.ACTIVATION, now=now)
    except IntegrityError as taken:
        raise LinkInvalid("token") from taken


async def resend_activation(typed: str, *, client: Client, links: Signer, now: datetime) -> None:
    """Mail an activation link once more, where somebody waits for one; as `request` does."""
    await one_time_links.request(typed, _RESENT, client=client, links=links, now=now)
