"""The edits that a small model chooses among, one a file."""
