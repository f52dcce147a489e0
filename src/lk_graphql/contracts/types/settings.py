"""What a form for applications needs to know."""

import strawberry

from lk_graphql.api.shapes import object_type
from lk_graphql.contracts import models
from lk_graphql.contracts.service.rules import demanded


@object_type
class ContractRules:
    """What applications for contracts may hold and must show today."""

    most_open: int = strawberry.field(description="Applications that aren't decided, per person.")
    most_objects: int = strawberry.field(description="Objects of one application.")
    most_documents: int = strawberry.field(description="Documents of one application.")
    demanded_documents: list[models.ContractDocumentKind] = strawberry.field(
        description="The kinds without which nothing can be submitted, in the form's order."
    )


def contract_rules(rule: models.ApplicationRule) -> ContractRules:
    return ContractRules(
        most_open=rule.most_open,
        most_objects=rule.most_objects,
        most_documents=rule.most_documents,
        demanded_documents=[*demanded(rule)],
    )
