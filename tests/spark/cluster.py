"""A Spark cluster of this machine: a real master and two workers, started from what the pip package holds.

Their own words say where they listen and when they know each other; nothing is guessed, and no port is fixed. Keep out: what is
computed on it.
"""

import contextlib
import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pyspark

MASTER = re.compile(r"Starting Spark master at (spark://127\.0\.0\.1:\d+)")
REGISTERED = re.compile(r"Successfully registered with master")
# A test's data is small: what costs is to compile, in the JVM and in Spark.
FRUGAL = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
CONFIG = {
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.memory": "700m",
    "spark.driver.extraJavaOptions": FRUGAL,
    "spark.executor.memory": "500m",
    "spark.executor.extraJavaOptions": FRUGAL,
    "spark.sql.codegen.wholeStage": False,
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.shuffle.partitions": 2,
    "spark.default.parallelism": 2,
}


@contextlib.contextmanager
def running(folder: Path, workers: int = 2) -> Iterator[str]:
    """The address of a master with its workers, each of one core, while they run; `folder` is for what they write."""
    with contextlib.ExitStack() as stack:
        here = ("--host", "127.0.0.1", "--port", "0", "--webui-port", "0")
        master = stack.enter_context(daemon(MASTER, "master.Master", *here))
        for number in range(workers):
            mine = ("--cores", "1", "--memory", "600m", "--work-dir", str(folder / f"worker-{number}"))
            stack.enter_context(daemon(REGISTERED, "worker.Worker", *here, *mine, master))
        yield master


@contextlib.contextmanager
def daemon(awaited: re.Pattern[str], name: str, *arguments: str) -> Iterator[str]:
    """A daemon of Spark's that has said what is awaited: the words of the pattern's last group."""
    home = Path(pyspark.__file__).parent
    surroundings = {"SPARK_HOME": str(home), "SPARK_DAEMON_MEMORY": "200m", "SPARK_LOCAL_IP": "127.0.0.1"}
    process = subprocess.Popen(
        [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments],
        env=os.environ | surroundings | {"SPARK_DAEMON_JAVA_OPTS": FRUGAL},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    assert process.stdout is not None
    words: list[str] = []
    try:
        for line in process.stdout:
            words.append(line)
            if found := awaited.search(line):
                # It goes on talking, and would wait for somebody to listen.
                threading.Thread(target=words.extend, args=(process.stdout,), daemon=True).start()
                yield found[found.re.groups]
                return
        raise AssertionError("".join(words))
    finally:
        process.terminate()
        process.wait()
