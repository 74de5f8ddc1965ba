"""The same saved model on a real cluster: a standalone master and two workers on loopback; one worker is killed mid-job."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from bench.persons import make_persons

from evenhand.errors import OptionRefused
from evenhand.matching import match, prepare, train

pytestmark = [
    pytest.mark.slow,
    # PySpark 4.3 says so of pandas 3 wherever it meets it; no pandas table goes in or out here.
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that py4j leaves to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
PATIENCE_SECONDS = 60
WORKERS = 2


@dataclass
class Cluster:
    """Hold a running cluster: its session and the processes of its workers."""

    session: Any
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if find_spec("pyspark") is None:
        pytest.skip("PySpark is not installed; install it with: pip install 'evenhand[spark]'")
    if shutil.which("java") is None:
        pytest.skip("there is no Java on this machine; Spark 4 needs Java 17 or newer")
    import pyspark

    home, folder = Path(pyspark.__file__).parent, tmp_path_factory.mktemp("spark")
    surroundings = os.environ | {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_DAEMON_MEMORY": "256m",
        "SPARK_WORKER_DIR": str(folder / "work"),
        "SPARK_LOCAL_DIRS": str(folder / "local"),
    }
    started: list[subprocess.Popen[bytes]] = []

    def start(name: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [str(home / "bin" / "spark-class"), *arguments, "--host", "127.0.0.1", "--webui-port", "0"]
        with (folder / name).open("wb") as log:
            process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        started.append(process)
        return process

    def wait_for(name: str, words: str) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            if found := re.search(words, (folder / name).read_text(errors="replace")):
                return found.group(0)
            time.sleep(0.1)
        raise AssertionError(f"{name} did not say {words}: {(folder / name).read_text(errors='replace')[-2000:]}")

    session = None
    before = os.environ.get("SPARK_LOCAL_IP")
    try:
        start("master", "org.apache.spark.deploy.master.Master", "--port", "0")
        address = wait_for("master", r"spark://127\.0\.0\.1:\d+")
        worker = ("org.apache.spark.deploy.worker.Worker", address, "--cores", "1", "--memory", "1g")
        workers = [start(f"worker-{number}", *worker) for number in range(WORKERS)]
        for number in range(WORKERS):
            wait_for(f"worker-{number}", "Successfully registered")
        os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
        session = _session(address, folder)
        yield Cluster(session, workers)
    finally:
        if session is not None:
            session.stop()
        if before is None:
            os.environ.pop("SPARK_LOCAL_IP", None)
        for process in started:
            _kill(process)


def _session(address: str, folder: Path) -> Any:
    from pyspark.sql import SparkSession

    from evenhand.matching.spark import spark_settings

    settings = spark_settings() | {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "768m",
        "spark.sql.shuffle.partitions": "4",
        "spark.default.parallelism": "4",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.log.level": "OFF",
    }
    builder = SparkSession.builder.master(address).appName("evenhand-tests")
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that this module started, with its executors, and wait for its end."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_the_cluster_gives_what_one_machine_gives_and_a_killed_worker_changes_nothing(
    cluster: Cluster, tmp_path: Path
) -> None:
    from evenhand.matching.spark import SparkEngine

    with pytest.raises(OptionRefused, match="no checkpoint folder"):
        SparkEngine(cluster.session)
    cluster.session.sparkContext.setCheckpointDir(str(tmp_path / "checkpoints"))
    prepared = prepare(make_persons(1_000, seed=4).persons)
    model = train(prepared)
    here = match(prepared, model=model)
    there = match(prepared, model=model, engine=SparkEngine(cluster.session, partitions=4))
    assert there.clusters.equals(here.clusters)
    assert there.candidates == here.candidates
    assert there.pairs.drop("chance", "weight").equals(here.pairs.drop("chance", "weight"))
    assert there.pairs["weight"].to_list() == pytest.approx(here.pairs["weight"].to_list(), abs=1e-9)

    killer = threading.Timer(2.0, _kill, [cluster.workers[0]])
    killer.start()
    again = match(prepared, model=model, engine=SparkEngine(cluster.session, partitions=4))
    killed_while_it_ran = not killer.is_alive() and cluster.workers[0].poll() is not None
    killer.join()
    assert killed_while_it_ran
    assert again.clusters.equals(here.clusters)
