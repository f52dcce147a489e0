"""Files in a folder, in an S3 bucket, or in memory for tests."""

from lk_graphql.ports.files.object_store import Files, FilesUnavailable, single_chunk
from lk_graphql.ports.files.urls import in_folder, in_memory, open_files

__all__ = ["Files", "FilesUnavailable", "in_folder", "in_memory", "open_files", "single_chunk"]
