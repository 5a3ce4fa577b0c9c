"""
Does: the pluggable applications: sources read or poll, formats make batches of lines, sinks store.
Depends on: kernel, repo, io, core, models, lib; never on each other.
Used by: the kernel's discovery, by name.
Public interface: a subclass of Application or Format in each module.
"""
