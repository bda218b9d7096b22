"""The cards of each notebook, one module per notebook: what is too long for a notebook cell."""
