"""Does: the command line of the collector. Depends on: interfaces. Used by: manage.py. Public interface: commands."""
