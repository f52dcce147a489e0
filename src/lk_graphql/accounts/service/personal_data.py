"""Personal data in account links."""

from lk_graphql.accounts.service.links import end_links_of
from lk_graphql.profile.service.personal_data import DataEraser, DataListing, PersonalData

_LINKS = """
SELECT link.id, json_build_object(
    'account', account.number, 'contract', account.contract_number,
    'address', CASE WHEN link.state = 'ACTIVE' THEN account.address END,
    'name', link.name, 'role', link.role, 'state', link.state,
    'linkedAt', link.linked_at, 'changedAt', link.changed_at)
FROM account_link AS link JOIN account ON account.id = link.account_id WHERE link.user_id = $1
"""
# Without `fault`: the reason of a failed proof would help to guess the account.
_ACTS = """
SELECT event.id, json_build_object(
    'act', event.kind, 'account', account.number, 'happenedAt', event.happened_at,
    'clientAddress', event.client_address)
FROM link_event AS event LEFT JOIN account ON account.id = event.account_id
AND EXISTS (SELECT FROM account_link AS link
    WHERE link.account_id = account.id AND link.user_id = $1)
WHERE event.user_id = $1
"""

PERSONAL_DATA = PersonalData(
    listings=(
        DataListing("accounts", "Лицевые счета", _LINKS),
        DataListing("account-history", "Подключения лицевых счетов", _ACTS),
    ),
    erasers=(DataEraser("account_link", end_links_of),),
)
