"""
Does: makes one datum from another, without I/O: RuntimeConfig from JSON, Topology, Layout, live graph, deltas, states.
Depends on: models, lib.
Used by: interfaces, and repo for decoding.
Public interface: the functions without underscore; the stem of a file says of which datum. Same input, same output.
"""
