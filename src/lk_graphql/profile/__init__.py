"""What customers say of themselves, and what they may have back: names, phone, personal data."""
