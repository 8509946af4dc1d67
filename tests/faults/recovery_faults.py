"""Faults after which the database is an older one, or a restored one: 20, 30."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from tests.faults.canaries import Loss
from tests.faults.playing import Scene, fault, next_comparison
from tests.faults.servers import find
from tests.faults.site import manage
from tests.faults.stage import Stage


@fault(20, "fail-over that loses a second", outage=True)
def failover(scene: Scene) -> Iterator[None]:
    """A copy takes over that lacks the last writes: the engine knows newer versions than the database."""
    stage = scene.stage
    server, url = stage.servers["postgres"], urlsplit(stage.direct["DATABASE_URL"])
    copy, data = server.folder / "copy", server.folder / "data"
    begin = time.monotonic()
    backup = [find("pg_basebackup"), "-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "-D", str(copy)]
    env = {**os.environ, "PGPASSWORD": url.password}
    subprocess.run([*backup, "-X", "stream", "-c", "fast"], check=True, cwd=server.folder, **{**server.who, "env": env})
    end = time.monotonic()
    time.sleep(2.5)
    stage.kill_writer()
    server.kill()
    scene.lost = Loss(begin, end, time.monotonic())
    shutil.rmtree(data)
    copy.rename(data)
    server.start()
    connection.close()
    scene.write_on()
    yield
    scene.figures["writes lost"] = f"{scene.lost.lost - end:.1f} s"
    if "elasticsearch" in stage.servers:
        scene.expect(next_comparison(scene), "the regular comparison did not end with a proof")


@fault(30, "restore on a clean machine", ways=("full", "embedded"), outage=True)
def restore(scene: Scene) -> Iterator[None]:
    """A copy made while people work, then new folders, an empty broker, an empty engine: nothing else survives."""
    stage, begin = scene.stage, time.monotonic()
    copy = _dump(stage) if stage.full else _backup(stage)
    end = time.monotonic()
    stage.kill_writer()
    stage.site.kill()
    connection.close()
    scene.lost = Loss(begin, end, time.monotonic())
    _empty(stage)
    started = time.monotonic()
    if stage.full:
        subprocess.run([find("pg_restore"), "--no-owner", "-d", stage.direct["DATABASE_URL"], str(copy)], check=True)
        manage(stage.direct, "migrate", "--verbosity=0")
    else:
        manage(stage.direct, "restore", str(copy))
    scene.figures["copied, restored in"] = f"{end - begin:.1f}, {time.monotonic() - started:.1f} s"
    stage.play()
    scene.write_on()
    yield


def _dump(stage: Stage) -> Path:
    file = stage.root / "dump"
    subprocess.run([find("pg_dump"), "-Fc", "-f", str(file), stage.direct["DATABASE_URL"]], check=True)
    return file


def _backup(stage: Stage) -> Path:
    file = stage.root / "site.zip"
    file.unlink(missing_ok=True)
    manage(stage.direct, "backup", str(file))
    return file


def _empty(stage: Stage) -> None:
    """Make the machine as clean as a new one: its servers run, and hold nothing."""
    shutil.rmtree(stage.root / "data")
    (stage.root / "data").mkdir()
    for name, folder in (("redis", "appendonlydir"), ("elasticsearch", "data")):
        if name in stage.servers:
            stage.servers[name].stop()
            shutil.rmtree(stage.servers[name].folder / folder, ignore_errors=True)
            stage.servers[name].start()
    if stage.full:
        stage.make_empty_database()
