"""Read by gunicorn when it is started in this folder: the processes share their figures for /metrics.

``bind`` and the number of processes are said on the command line (scripts/run.sh, deploy units).
"""

import os
import shutil
import tempfile

# Before a worker loads the application: prometheus_client looks at it when it is imported.
_made = "" if "PROMETHEUS_MULTIPROC_DIR" in os.environ else tempfile.mkdtemp(prefix="evalsite-metrics-")
os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", _made)


def child_exit(server, worker):
    """Forget the gauges of a process that ended; its counts stay."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(server):
    """Leave nothing behind."""
    if _made:
        shutil.rmtree(_made, ignore_errors=True)
