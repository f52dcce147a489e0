"""Files of tables as other programs write them: CSV and JSON, their lines, cells and values."""
