"""
Does: keeps things, in SQL (the truth of what was counted) and in Redis (the pipe, the live state). It is also the
Django app of our tables, label `visualizer`. SQL that must be exact or quick is spelled out, the same for SQLite and
PostgreSQL.
Depends on: core for decoding, models, lib.
Used by: interfaces, resources.
Public interface: one class or function a datum; the stem of a file says which. Errors are those of Django and redis.
"""
