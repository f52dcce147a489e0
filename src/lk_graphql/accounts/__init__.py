"""Personal accounts («лицевые счета»), their holders, and the logins linked to them."""
