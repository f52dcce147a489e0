"""A believable supplier to try the application with: invented people, real arithmetic.

Streets and meter models exist; persons, account numbers, prices and orders are made up. Whatever
is computed is computed by `metering.service` and `billing.service`, never here.
"""
