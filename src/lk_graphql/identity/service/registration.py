"""Registration and activation of logins."""

from dataclasses import dataclass
from datetime import datetime

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from lk_graphql.guards.rate_limits import AttemptCounter
from lk_graphql.identity.errors import LinkInvalid
from lk_graphql.identity.models import Document, DocumentKind, LinkPurpose, User
from lk_graphql.identity.service import captchas, consents, forms, limits, one_time_links
from lk_graphql.identity.service.captchas import CaptchaAnswer
from lk_graphql.identity.service.forms import FullName
from lk_graphql.identity.service.one_time_links import ACTIVATION_LIFETIME, MailedLink
from lk_graphql.identity.service.passwords import require_new
from lk_graphql.kit import emails
from lk_graphql.kit.addresses import client_network
from lk_graphql.kit.emails import Email
from lk_graphql.kit.errors import FormErrors
from lk_graphql.kit.phones import Phone
from lk_graphql.kit.signing import Signer, new_token
from lk_graphql.kit.viewer import Client
from lk_graphql.ports.jobs import enqueue
from lk_graphql.ports.passwords import Passwords

_RESEND = MailedLink(
    LinkPurpose.ACTIVATION,
    ACTIVATION_LIFETIME,
    limits.RESEND_FROM_CLIENT,
    limits.RESEND_OF_EMAIL,
    "identity.mail_activation",
)


@dataclass(frozen=True)
class Registration:
    """Registration form as typed; versions are those of the displayed documents."""

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
    form: Registration, *, client: Client, now: datetime, passwords: Passwords, signer: Signer
) -> None:
    """Create an unactivated user and mail the owner of the address.

    The work is the same for known and unknown addresses: an unactivated user reserves no address,
    so one is always created. The mail job decides between an activation link and a notice that
    the address already has a login.

    Raises `Refusals` with every fault of the form, and `RateLimitExceeded`. A solved captcha is
    used up only if the rest of the form is valid, so that a typing error doesn't cost a new
    captcha.
    """
    valid = await _read(form, now=now, passwords=passwords, signer=signer)
    async with AttemptCounter(signer, now) as attempts:
        await attempts.count(limits.REGISTER_FROM_CLIENT, client_network(client.address))
        await attempts.count(limits.REGISTER_OF_EMAIL, valid.email)
        password_hash = await passwords.hash(form.password)
        await _store(valid, password_hash, form.captcha, client=client, now=now)


async def _store(
    valid: _ValidRegistration,
    password_hash: str,
    captcha: CaptchaAnswer,
    *,
    client: Client,
    now: datetime,
) -> None:
    """Use the captcha up and store the user.

    Raises `CaptchaExpired` if another request used the captcha first.
    """
    async with in_transaction():
        await captchas.use(captcha, now=now)
        user = await _create(valid, password_hash, client=client, now=now)
        await consents.record(user, valid.documents, client=client, now=now)
        link = await one_time_links.issue(
            user, LinkPurpose.ACTIVATION, lifetime=ACTIVATION_LIFETIME, now=now
        )
        await enqueue("identity.mail_activation", link_id=link.id)


async def activate(token: str, *, passwords: Passwords, signer: Signer, now: datetime) -> bool:
    """Activate the login of a link; return whether its password is valid. Raises `LinkInvalid`.

    Of several registrations with one address, the first activated one gets the address. Their mails
    don't show which of them is the owner's. So if another one waits, the password is replaced, and
    a link for a new one is mailed.
    """
    match = await one_time_links.find(token, LinkPurpose.ACTIVATION, signer=signer, now=now)
    if match is None:
        raise LinkInvalid("token")
    link, user = match
    waiting = User.filter(email_key=user.email_key, activated_at=None)
    is_only_one = not await waiting.exclude(id=user.id).exists()
    random_hash = None if is_only_one else await passwords.hash(new_token())
    try:
        async with in_transaction():
            await one_time_links.lock_links(user)
            if not await one_time_links.use(link, now=now):
                raise LinkInvalid("token")
            await User.filter(id=user.id).update(activated_at=now)
            await one_time_links.cancel(user, LinkPurpose.ACTIVATION, now=now)
            if random_hash is not None:
                await require_new(user, random_hash, now=now)
    except IntegrityError as error:
        raise LinkInvalid("token") from error
    return is_only_one


async def resend_activation(text: str, *, client: Client, signer: Signer, now: datetime) -> None:
    """Mail another activation link. Raises as `one_time_links.request` does."""
    await one_time_links.request(text, _RESEND, client=client, signer=signer, now=now)


async def _read(
    registration: Registration, *, now: datetime, passwords: Passwords, signer: Signer
) -> _ValidRegistration:
    form, email = FormErrors(), None
    name = forms.full_name(form, registration, has_no_patronymic=registration.has_no_patronymic)
    with form.field("email"):
        email = forms.email(registration.email)
    with form.field("phone"):
        phone = forms.phone(registration.phone)
    forms.new_password(form, "password", registration.password, passwords=passwords, email=email)
    documents = await consents.current(now=now)
    with form.field("termsVersion"):
        terms = consents.matching_document(
            documents, DocumentKind.TERMS, registration.terms_version
        )
    with form.field("personalDataVersion"):
        personal_data = consents.matching_document(
            documents, DocumentKind.PERSONAL_DATA, registration.personal_data_version
        )
    with form.field("captcha"):
        await captchas.check(registration.captcha, signer=signer, now=now)
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
