"""
Does: says what the data is, its wire forms and its errors. These are no tables: those are in visualizer.repo.models.
Depends on: collector.models, lib.
Used by: every layer above.
Public interface: the types; frozen where nothing has to be summed into them.
"""
