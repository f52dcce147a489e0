"""The dashboard and the alerts of `deploy/`, before a real Prometheus and under load."""
