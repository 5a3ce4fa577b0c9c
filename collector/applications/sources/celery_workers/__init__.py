"""The source `celery`: running Celery workers, asked for what they know and heard for what they do. docs/celery.md."""
