"""Files that customers hand in: checked, kept, used once, handed out again."""
