"""Demo data: a fictitious supplier with realistic accounts, meters and bills.

Streets and meter models are real; persons, account numbers, prices and orders are fictitious.
`metering.service` and `billing.service` compute volumes and charges; `debts` is a small billing
system, which computes due days, penalties and balances.
"""
