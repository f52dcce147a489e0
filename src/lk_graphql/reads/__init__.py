"""The compiled read side: one declaration of each type, two ways to answer."""
