"""What customers may know of those who saw their data."""

from datetime import datetime

from lk_graphql.backoffice import models
from lk_graphql.kit.viewer import Role
from lk_graphql.reads.declare import Node, column, reads


@reads(models.AccessNote, prefix="acn", owned_through="user")
class AccessNote(Node):
    """A look of staff's at your data («запись журнала доступа»)."""

    what: models.Act = column("What they did: `LOOKED`, `CONTACTS_SHOWN` or `CABINET_OPENED`.")
    role: Role = column("In which role.")
    reason: str | None = column("Why, where they had to say it.")
    happened_at: datetime = column("When.")
