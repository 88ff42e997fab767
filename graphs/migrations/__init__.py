"""Steps that bring a document of an older format to the one this program reads; see ``steps``."""
