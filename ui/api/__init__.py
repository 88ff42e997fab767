"""The HTTP API: one resource a file, thin over the workspace."""
