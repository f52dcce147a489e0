"""The samples in `deploy/`: proxies, units, containers."""
