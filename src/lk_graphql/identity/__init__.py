"""Who a customer is: registration, sign-in, sessions, passwords, consents."""
