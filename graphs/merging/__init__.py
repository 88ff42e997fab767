"""Two people's edits of one workflow brought together: by meaning, not by lines of a file."""
