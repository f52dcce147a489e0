"""Customer profile («мой профиль»): contacts, consents, personal data export and erasure."""
