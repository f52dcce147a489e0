"""Who acts, as a request tells it."""

from lk_graphql.api.context import Context
from lk_graphql.backoffice.service.acts import Doing


def doing(ctx: Context) -> Doing:
    """The member of staff, from where and when. Raises `NotSignedIn` for everybody else."""
    return Doing(ctx.staff, ctx.client, ctx.now)
