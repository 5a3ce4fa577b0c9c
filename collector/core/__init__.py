"""
Does: makes one datum from another, without I/O, clock or random: log lines → LogBatch, configs and texts → the same
without secrets, an answer's problem → a reason.
Depends on: models, lib.
Used by: applications, interfaces.
Public interface: hopeit_lines, hopeit_recognition, batch_builder, inspection_builder, redact, redact_config,
runtime_config, api_version, labels.
"""
