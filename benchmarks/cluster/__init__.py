"""A cluster on one machine under faults: `python -m benchmarks.cluster`.

etcd, PostgreSQL with a synchronous standby under Patroni, HAProxy with TLS, two `lk serve`, two
`lk worker`, S3 and Redis. The clients and the comparison with what was acknowledged are those of
`benchmarks.faults`.
"""
