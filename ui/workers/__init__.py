"""Worker processes beside the web process: runs outlive it, and their queue outlives both."""
