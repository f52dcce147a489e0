"""What a person tells about themselves, and what becomes of it («мой профиль»)."""
