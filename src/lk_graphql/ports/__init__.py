"""The outside world: a file is a protocol, the real thing and its in-memory twin."""
