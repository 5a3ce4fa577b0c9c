"""docs/metrics.md, made from METRICS: `python -m tests.tools.metrics_doc` writes it, a test holds it complete."""

from __future__ import annotations

from pathlib import Path

from visualizer.core.source_labels import MAX_CHARS, MAX_SOURCES
from visualizer.models.metric import METRICS, Metric

DOC = Path(__file__).resolve().parents[2] / "docs" / "metrics.md"
HEAD = f"""\
# Metrics

`GET /metrics` answers loopback, and everybody who brings `Authorization: Bearer <EVENTSCOPE_METRICS_TOKEN>`. Each
scrape reads Redis and SQL, so every web process says the same; what does not answer is left out, and
`eventscope_redis_up` or `eventscope_database_up` is 0.

`source` is the path of a log file: at most {MAX_CHARS} characters, a longer one is its end and a hash of all of it;
what is not visible is spelled out. The {MAX_SOURCES:,} files furthest behind have a label of their own, all others are
summed up as `other`; with more files than that, a counter of one file may begin anew or end when the file changes its
place in that order, so `rate()` over `source` is exact up to {MAX_SOURCES:,} files. `collector` is
`<host id>:<process id>`. All other labels take their values from fixed lists.

```yaml
# prometheus.yml
scrape_configs:
  - job_name: eventscope
    authorization: {{credentials_file: /etc/prometheus/eventscope.token}}
    static_configs: [{{targets: ["localhost:8000"]}}]
```

| metric | labels | type | what it says |
|---|---|---|---|
"""


def metrics_doc() -> str:
    """The page."""
    return HEAD + "".join(_row(metric) for metric in METRICS.values())


def _row(metric: Metric) -> str:
    labels = ", ".join(f"`{label}`" for label in metric.labels) or "–"
    return f"| `{metric.name}` | {labels} | {'counter' if metric.is_counter else 'gauge'} | {metric.meaning} |\n"


if __name__ == "__main__":
    DOC.write_text(metrics_doc())
