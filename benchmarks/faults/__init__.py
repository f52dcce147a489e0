"""Faults under load: kills, restarts and outages, and whether anything acknowledged is lost.

`python -m benchmarks.faults` runs the production processes (`lk serve`, `lk worker`) on a
PostgreSQL of its own, with stand-ins for all outside services. Clients write over HTTP and record
what was acknowledged; after each fault the database is compared with these records.
"""
