"""Finding a login by its address."""

from lk_graphql.identity.models import User
from lk_graphql.kit.emails import Email


async def by_email(email: Email) -> User | None:
    """The activated user of an address; without one, the newest who may yet activate."""
    # PostgreSQL sorts NULLs last
    return await User.filter(email_key=email).order_by("activated_at", "-created_at").first()
