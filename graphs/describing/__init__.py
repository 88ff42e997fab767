"""From what a person says to operations they look at first: a proposal, never an edit."""
