"""Members of staff: roles, sign-in with a second factor, sessions, audit log."""
