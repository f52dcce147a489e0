"""Personal data in meters and readings.

Both stay when a person's data are erased: they belong to the account, and a reading refers to its
sender by a key without a name. A reading that was reported by telephone has the caller's name: it
is the only evidence of whose word staff have stored, and the caller needn't have a login whose
data could be erased.
"""

from lk_graphql.metering.models import ReadingState, Zone
from lk_graphql.profile.service.personal_data import DataListing, PersonalData

_METERS = """
SELECT meter.id, json_build_object(
    'account', account.number, 'serial', serial, 'model', model, 'installedOn', installed_on,
    'removedOn', removed_on, 'nextVerificationOn', next_verification_on,
    'registers', (SELECT coalesce(json_agg(json_build_object('zone', zone, 'label', label)
        ORDER BY position), '[]') FROM register WHERE register.meter_id = meter.id))
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

PERSONAL_DATA = PersonalData(
    listings=(
        DataListing("meters", "Приборы учёта", _METERS, {"registers.zone": Zone}),
        DataListing("readings", "Показания", _READINGS, {"zone": Zone, "state": ReadingState}),
    )
)
