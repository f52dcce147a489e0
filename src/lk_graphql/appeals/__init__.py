"""What customers write to the company («обращения»), and what it answers."""
