"""Sources: what is read or polled."""
