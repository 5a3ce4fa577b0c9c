"""
Does: the flows of the collector, each one file that reads like its sentence.
Depends on: everything below.
Used by: management/commands.
Public interface: collect.collect, inspect_logs.
"""
