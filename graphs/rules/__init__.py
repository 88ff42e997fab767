"""What can be wrong with a document, one rule a file; ``graphs.validate`` holds the table and runs them."""
