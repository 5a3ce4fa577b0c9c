"""
Does: keeps the collector's data in Redis: batches with the records of their files, heartbeats, the layout.
Depends on: models, lib; a redis.asyncio.Redis that is handed in.
Used by: applications, interfaces/collect.py.
Public interface: ingest.ingest, file_records.FileRecords, heartbeats, layout, redis_memory; every call raises
StoreUnavailable and nothing else of Redis.
"""
