"""
Does: meets the outside that is not our store: files people give us, child processes.
Depends on: models, lib.
Used by: interfaces.
Public interface: one function or class for each thing.
"""
