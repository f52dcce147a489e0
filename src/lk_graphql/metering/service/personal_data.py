"""Personal data in meters and readings.

Both stay when a person's data are erased: they belong to the account, and a reading refers to its
sender by a key without a name. A reading that was reported by telephone has the caller's name: it
is the only evidence of whose word staff have stored, and the caller needn't have a login whose
data could be erased. So the name stays for the three years in which the bill of its month may be
disputed in court (ГК РФ, ст. 196), and is then replaced by «—»: that the reading was reported by
telephone is still known.
"""

from datetime import date
from uuid import UUID

from tortoise.transactions import in_transaction

from lk_graphql.accounts.service.changes import suppress_publication
from lk_graphql.database import raw_sql, retention
from lk_graphql.kit.periods import month_of, shift
from lk_graphql.metering.models import ReadingState, Zone
from lk_graphql.profile.service.personal_data import DataListing, PersonalData

_METERS = """
SELECT meter.id, json_build_object(
    'account', account.number, 'serial', serial, 'model', model, 'installedOn', installed_on,
    'removedOn', meter.removed_on, 'nextVerificationOn', next_verification_on,
    'registers', (SELECT coalesce(json_agg(json_build_object('zone', zone, 'label', label,
        'removedOn', register.removed_on) ORDER BY register.removed_on DESC, position), '[]')
        FROM register WHERE register.meter_id = meter.id))
FROM meter JOIN account ON account.id = meter.account_id
JOIN account_link AS link ON link.account_id = account.id
    AND link.user_id = $1 AND link.state = 'ACTIVE'
"""
_READINGS = """
SELECT reading.id, json_build_object(
    'account', account.number, 'meter', meter.serial, 'zone', register.zone,
    'value', reading.value, 'takenOn', reading.taken_on, 'receivedAt', reading.received_at,
    'period', reading.period, 'state', reading.state, 'reason', reading.reason)
FROM reading JOIN register ON register.id = reading.register_id
JOIN meter ON meter.id = register.meter_id JOIN account ON account.id = meter.account_id
WHERE reading.submitted_by_id = $1
"""

CALLER_MONTHS = 37
"""Three years from the month after the reading's, in which its bill is due."""
_OLD_CALLERS = "SELECT id FROM reading WHERE caller <> '—' AND period < $1"
_ERASE_CALLERS = "UPDATE reading SET caller = '—' WHERE id = ANY($1)"


async def erase_callers(*, today: date) -> None:
    """Replace the names of callers by «—» after `CALLER_MONTHS`.

    A scan of the table once a month needs no index. Batches hold few locks, as those of
    `retention` do. Subscribers aren't notified, because customers don't see callers.
    """
    oldest = shift(month_of(today), -CALLER_MONTHS)
    keys: list[UUID] = [row["id"] for row in await raw_sql.fetch(_OLD_CALLERS, oldest)]
    for start in range(0, len(keys), retention.BATCH):
        async with in_transaction():
            await suppress_publication()
            await raw_sql.fetch(_ERASE_CALLERS, keys[start : start + retention.BATCH])


PERSONAL_DATA = PersonalData(
    listings=(
        DataListing("meters", "Приборы учёта", _METERS, {"registers.zone": Zone}),
        DataListing("readings", "Показания", _READINGS, {"zone": Zone, "state": ReadingState}),
    )
)
