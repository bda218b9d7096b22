"""The cards of each notebook, a module or a package per notebook, numbered like it: what is too long
for a notebook cell."""
