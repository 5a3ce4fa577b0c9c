"""The source log_files: finds log files, follows them through rotation and restarts, ships their lines in batches."""
