"""The source `harp_proxy`: running HARP proxies, asked for what they are and what they do. docs/harp.md."""
