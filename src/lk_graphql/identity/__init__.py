"""Identity of customers: registration, sign-in, sessions, passwords, consents."""
