"""
Does: runs the collector's pluggable applications: lifecycle, event bus, discovery, supervised loops, shared services.
Depends on: repo (what hosts answered, records), core, models (what the events carry), lib.
Used by: applications, interfaces/collect.py.
Public interface: application.Application, format.Format, bus.Bus, events, status.Status, kernel.Kernel,
discovery.load_applications.
"""
