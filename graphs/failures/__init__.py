"""What went wrong in a run: rules over its trace. One detector a file; the table is in ``registry``."""
