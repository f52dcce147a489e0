"""What mutations about notices take."""

from datetime import datetime

import strawberry


@strawberry.input(one_of=True, description="Which notices were read: exactly one of these.")
class NoticesMarkReadInput:
    ids: strawberry.Maybe[list[strawberry.ID]] = strawberry.field(
        description="These, all or none; 100 at most."
    )
    all_until: strawberry.Maybe[datetime] = strawberry.field(
        description="All that came until then: pass the `createdAt` of the newest one shown."
    )
