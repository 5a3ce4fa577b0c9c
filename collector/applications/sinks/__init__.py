"""Sinks: where batches go."""
