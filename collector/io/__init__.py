"""
Does: meets the outside: log files that grow, rotate and vanish; HTTP hosts and brokers that are polled.
Depends on: models, lib.
Used by: applications.
Public interface: log_paths.scan, log_file.LogFile, open_files.OpenFiles, file_watch.FileWatch, host_id.find_host_id,
config_host, polite_get, connection_reason, broker.
"""
