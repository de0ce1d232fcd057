"""A supervisor of small shell programs. `driver.py HOME STAGES`: JSON, [[{name, script, ready?, pulse?}]]; ready is a
file, pulse one that the script touches. Who is silent for `PATIENCE_S` hangs."""

from __future__ import annotations

import json
import os
import sys
from functools import partial
from pathlib import Path

from deploy.embedded.child import Program, StartError
from deploy.embedded.instance_dir import InstanceDir
from deploy.embedded.liveness import Liveness
from deploy.embedded.pulse import Pulse
from deploy.embedded.supervisor import Stopped, Supervisor

PATIENCE_S = 3.0


def program(spec: dict[str, str]) -> Program:
    ready = partial(os.path.exists, spec["ready"]) if "ready" in spec else lambda: True
    alive = Pulse(Path(spec["pulse"])) if "pulse" in spec else None
    return Program(spec["name"], ("/bin/sh", "-c", spec["script"]), dict(os.environ), ready=ready, alive=alive)


def main() -> None:
    home = InstanceDir(Path(sys.argv[1]))
    home.make()
    supervisor = Supervisor(home, lambda line: print(line, flush=True), Liveness(PATIENCE_S))  # noqa: T201 — the test reads it
    supervisor.listen()
    try:
        for stage in json.loads(sys.argv[2]):
            supervisor.start([program(spec) for spec in stage], seconds=5)
        supervisor.say("up")
        supervisor.watch()
    except Stopped:
        supervisor.say("stopping")
    except StartError as error:
        supervisor.say(error.detail)
        sys.exit(1)
    finally:
        supervisor.stop([1.0] * len(supervisor.stages))


if __name__ == "__main__":
    main()
