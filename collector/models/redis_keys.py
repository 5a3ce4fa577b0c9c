"""
Every key Eventscope uses in Redis: this file owns the names, both ends import it.

Keys of one shard share the hash tag {sNN}, so that one script may touch them on a Cluster. The rest is small,
global and read by everybody.
"""

from __future__ import annotations

#: Raised when a key's meaning changes; stands in LAYOUT so that two versions never share a Redis unknowingly.
LAYOUT_VERSION = 1

#: STRING: "<LAYOUT_VERSION>:<shards>".
LAYOUT = "eventscope:layout"
#: HASH host url → HostAnswer (collector/models/host.py) as JSON.
HOSTS = "eventscope:hosts"
#: HASH broker url → BrokerAnswer (collector/models/broker.py) as JSON.
BROKERS = "eventscope:brokers"
#: STRING, a counter: raised with every change of what hosts declare, so that watchers need one GET.
CONFIG_VERSION = "eventscope:config-version"
#: HASH collector id → CollectorBeat (collector/models/heartbeat.py) as JSON.
COLLECTORS = "eventscope:collectors"
#: HASH host id → unix time when a collector first started there: what was rotated away before is not read.
FIRST_STARTS = "eventscope:first-starts"
#: HASH view → DrawnTopology (visualizer/models/topology.py) as JSON.
TOPOLOGY = "eventscope:topology"
#: STRING: raised whenever TOPOLOGY changes.
TOPOLOGY_VERSION = "eventscope:topology-version"
#: HASH view → edge id → Evidence (visualizer/models/evidence.py) as JSON.
EVIDENCE = "eventscope:evidence"
#: STRING: raised whenever EVIDENCE changes.
EVIDENCE_VERSION = "eventscope:evidence-version"
#: HASH view → node id → Standstill (visualizer/models/standstill.py) as JSON.
STANDSTILLS = "eventscope:standstills"
#: STRING: raised whenever STANDSTILLS changes.
STANDSTILLS_VERSION = "eventscope:standstills-version"
#: STRING: LintReport (visualizer/models/lint_finding.py) as JSON, what is wrong with what hosts declare.
LINT = "eventscope:lint"
#: HASH engine name → version seen in log lines, e.g. "hopeit.engine" → "0.30.1".
ENGINE_VERSIONS = "eventscope:engine-versions"
#: STRING JSON {"at_s"}: Celery's worker last ended a task then.
WORKER = "eventscope:worker"
#: STRING JSON {"at_s"}: Celery's beat last asked for a task then.
BEAT = "eventscope:beat"
#: HASH task name → TaskRun (visualizer/models/task_run.py) as JSON.
TASK_RUNS = "eventscope:task-runs"
#: HASH web process id → "<open sockets>:<unix time>", written by each hub every few seconds; older than 10 s is gone.
VIEWERS = "eventscope:viewers"
#: HASH "refused:<reason>" or "closed:<reason>" → how many sockets, of all web processes since this Redis began.
SOCKET_ENDS = "eventscope:socket-ends"
#: STRING: the sampling threshold, 0 … EVERYTHING (collector/lib/sampling.py); missing: nothing is sampled.
SAMPLING = "eventscope:sampling"


def file_statuses(collector_id: str) -> str:
    """HASH, expiring: device and inode, or a path → FileStatus (collector/models/file_status.py) as JSON."""
    return f"eventscope:files:{collector_id}"


def tally_statuses(collector_id: str) -> str:
    """HASH, expiring: file id → FileStatus as JSON, of sources that are no files."""
    return f"eventscope:tallies:{collector_id}"


#: STRING, expiring: why the receiver of OTLP has just sent somebody away, in words for people.
RECEIVER_PROBLEM = "eventscope:receiver-problem"


def tag(shard: int) -> str:
    """The hash tag of a shard."""
    return f"{{s{shard:02d}}}"


def ready(shard: int) -> str:
    """
    STRING: present once a rollup has restored the records from SQL; without it nothing is ingested. Each time it is
    another text, so that whoever knows a record from before looks at it again.
    """
    return f"{tag(shard)}:ready"


def moves(shard: int) -> str:
    """STRING, a counter: raised whenever the rollup moves a record, so that collectors need one GET to know."""
    return f"{tag(shard)}:moves"


def file_record(shard: int, file_id: str) -> str:
    """HASH: the FileRecord of one file, a field a name."""
    return f"{tag(shard)}:file:{file_id}"


def file_index(shard: int) -> str:
    """SET: file ids that have a record, so that nothing needs SCAN."""
    return f"{tag(shard)}:files"


def new_files(shard: int) -> str:
    """SET: file ids whose record was made or whose generation was raised and which SQL may not know yet."""
    return f"{tag(shard)}:new-files"


def lost(shard: int) -> str:
    """HASH "<file id>:<generation>:<reason>" → bytes: gone before they could be read; the rollup moves it to SQL."""
    return f"{tag(shard)}:lost"


def batches(shard: int) -> str:
    """STREAM: batches not yet in SQL: BatchEnvelope's fields and "payload". Never trimmed, back-pressure bounds it."""
    return f"{tag(shard)}:batches"


def live(shard: int) -> str:
    """STREAM, capped: LiveUpdate messages (visualizer/models/live.py), field "u"."""
    return f"{tag(shard)}:live"


def snapshot(shard: int) -> str:
    """HASH: "id" (of the last message in `live` it includes) and "u", a LiveUpdate with everything."""
    return f"{tag(shard)}:snapshot"


def lease(shard: int) -> str:
    """STRING with expiry: the rollup that owns the shard."""
    return f"{tag(shard)}:lease"


def rollup_beat(shard: int) -> str:
    """STRING: RollupBeat (collector/models/heartbeat.py) as JSON."""
    return f"{tag(shard)}:rollup"


def newest_lines(shard: int, activity_id: int) -> str:
    """LIST, capped, expiring: the newest lines of an activity (id in SQL) as JSON {t, host, pid, level, text}."""
    return f"{tag(shard)}:newest:{activity_id}"
