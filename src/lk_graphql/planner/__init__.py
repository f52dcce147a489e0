"""The compiled read side: one declaration of each type, compiled to one SQL statement a query."""
