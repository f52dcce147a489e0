"""What can be done with meters and readings; this package's files are the use cases."""
