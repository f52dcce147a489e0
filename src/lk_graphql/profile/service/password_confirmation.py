"""Confirmation of a request by the current password."""

from dataclasses import dataclass
from datetime import datetime

from lk_graphql.identity.errors import OldPasswordWrong
from lk_graphql.identity.models import User
from lk_graphql.identity.service.passwords import confirm_password
from lk_graphql.kit.signing import Signer
from lk_graphql.kit.viewer import Client, Viewer
from lk_graphql.ports.passwords import Passwords
from lk_graphql.profile.errors import ProfilePasswordWrong


@dataclass(frozen=True)
class PasswordConfirmation:
    """A customer's request with the current password."""

    viewer: Viewer
    password: str
    client: Client
    now: datetime

    async def confirm(self, *, passwords: Passwords, signer: Signer) -> User:
        """Return the user. Raises `ProfilePasswordWrong`, `RateLimitExceeded`."""
        user = await User.get(id=self.viewer.id)
        try:
            await confirm_password(
                user, self.password, now=self.now, passwords=passwords, signer=signer
            )
        except OldPasswordWrong:
            raise ProfilePasswordWrong("password") from None
        return user
