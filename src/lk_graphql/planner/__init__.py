"""The query planner: compiles operations over declared types to one SQL statement each."""
