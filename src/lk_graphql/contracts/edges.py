"""What contracts add to the customer."""

from lk_graphql.contracts.service.dossier import DOSSIER
from lk_graphql.contracts.types.objects import Contract, ContractApplication
from lk_graphql.identity.types.objects import User
from lk_graphql.notifications.models import NoticeKind
from lk_graphql.notifications.types.objects import ABOUT
from lk_graphql.profile.service.dossiers import KNOWN
from lk_graphql.reads.connections import Connection
from lk_graphql.reads.declare import extends, pages, related

ABOUT.update(
    dict.fromkeys(
        (
            NoticeKind.APPLICATION_CHANGED,
            NoticeKind.APPLICATION_QUESTION,
            NoticeKind.APPLICATION_DECIDED,
        ),
        "cap",
    )
)

KNOWN["contracts"] = DOSSIER


@extends(User)
class UserContracts:
    """The menu «Договоры»."""

    contracts: list[Contract] = related(
        "The contracts of the accounts that you have linked («договоры»).",
        of="account_links__account",
        order_by="contract_number",
    )
    contract_applications: Connection[ContractApplication] = pages(
        "Your applications for contracts, newest first («заявки»).", by="-created_at"
    )
