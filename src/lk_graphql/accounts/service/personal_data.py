"""Personal data in account links."""

from lk_graphql.accounts.models import LinkEventKind, LinkRole, LinkState
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
# The user's own acts, and those of others on the user's links without the others' addresses. The
# array lets PostgreSQL combine two indexes, which it doesn't for a subquery in OR.
# Without `fault`: the reason of a failed proof would help to guess the account.
_ACTS = """
SELECT event.id, json_build_object(
    'act', CASE WHEN event.kind = 'SUSPENDED_BY_NOTICE' AND own.id IS NULL
        THEN 'SUSPENDED_ANOTHER' ELSE event.kind END,
    'account', account.number, 'happenedAt', event.happened_at,
    'clientAddress', CASE WHEN event.user_id = $1 THEN event.client_address END)
FROM link_event AS event
LEFT JOIN account_link AS own ON own.id = event.link_id AND own.user_id = $1
LEFT JOIN account ON account.id = event.account_id
AND EXISTS (SELECT FROM account_link AS link
    WHERE link.account_id = account.id AND link.user_id = $1)
WHERE event.user_id = $1
OR event.link_id = ANY (ARRAY(SELECT id FROM account_link WHERE user_id = $1))
"""

_STATES = {
    LinkState.ACTIVE: "Подключён",
    LinkState.SUSPENDED: "Доступ приостановлен",
    LinkState.ENDED: "Отключён",
}
_ACT_WORDS = {
    LinkEventKind.PROOF_FAILED: "Данные для подключения не подошли",
    LinkEventKind.PROVED: "Данные для подключения подтверждены",
    LinkEventKind.LINKED: "Подключён",
    LinkEventKind.UNLINKED: "Отключён вами",
    LinkEventKind.MADE_OWNER: "Вы стали основным пользователем",
    LinkEventKind.SUSPENDED_BY_NOTICE: "Доступ закрыт по ссылке из письма",
    "SUSPENDED_ANOTHER": "Вы закрыли доступ другому пользователю",
    LinkEventKind.SUSPENDED_BY_NEW_HOLDER: "Доступ закрыт: сменился абонент",
    LinkEventKind.RESTORED: "Доступ открыт снова",
    LinkEventKind.ENDED_BY_STAFF: "Отключён сотрудником",
}

PERSONAL_DATA = PersonalData(
    listings=(
        DataListing("accounts", "Лицевые счета", _LINKS, {"role": LinkRole, "state": _STATES}),
        DataListing("account-history", "Подключения лицевых счетов", _ACTS, {"act": _ACT_WORDS}),
    ),
    erasers=(DataEraser("account_link", end_links_of),),
)
