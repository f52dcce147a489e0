"""Demo data: an invented supplier with realistic accounts, meters and bills.

Streets and meter models are real; persons, account numbers, prices and orders are invented.
Volumes, charges and penalties are computed by `metering.service` and `billing.service`.
"""
