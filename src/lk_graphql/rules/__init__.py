"""Rules in force, and the abilities of the cabinet that they open."""
