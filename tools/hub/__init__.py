"""A class's own server: JupyterHub on one machine, a link for each notebook."""
