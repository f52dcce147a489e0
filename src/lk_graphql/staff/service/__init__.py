"""Use cases about members of staff."""
