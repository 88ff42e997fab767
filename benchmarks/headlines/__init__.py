"""Headline mechanisms, each set beside what it claims to better, on the same tasks with the same budget."""
