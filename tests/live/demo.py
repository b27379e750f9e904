"""A small cluster to try things on: `python -m tests.live.demo up` makes it and leaves it running, `down` removes it.

It is the live tests' own site, kept in the cache: one control plane and one worker, made by this repository's program.
"""

from __future__ import annotations

import sys
import time
from typing import Final

from tests.conformance.build import BuildError, cache_root
from tests.live.build import BINARIES
from tests.live.cluster import ClusterError
from tests.live.engine import EngineError
from tests.live.obstacles import obstacles
from tests.live.processes import HostError
from tests.live.site import Site, remove

FOLDER: Final = cache_root() / "demo"
NODES: Final = ("cp-1", "worker-1")


def up() -> None:
    """Make the cluster, or mend what is there; say how to use it."""
    started = time.monotonic()
    print(f"the mirror, below {FOLDER}", flush=True)
    site = Site(FOLDER)
    for name in NODES:
        if name not in site.hosts:
            print(f"{name}: booting", flush=True)
            site.add(name)
        elif not site.hosts[name].is_up:
            print(f"{name}: booting again", flush=True)
            site.hosts[name].boot()
    site.configure(*NODES)
    site.stack.up()
    print("waiting until every pod of the system is ready", flush=True)
    cluster = site.cluster()
    cluster.wait("every pod of the system is ready", lambda: not cluster.unready_pods())
    addresses = "\n".join(f"  ssh -i {FOLDER / 'id'} root@{site.hosts[name].address}  # {name}" for name in NODES)
    print(
        f"\nA cluster of {len(NODES)} nodes runs after {time.monotonic() - started:.0f} s. Use it:\n"
        f"  export KUBECONFIG={FOLDER / 'kubeconfig'}\n"
        f"  {BINARIES['kubectl'].path} get nodes\n"
        f"Its hosts, whose `infraplatform-node status` tells how they fare:\n{addresses}\n"
        "`make demo-down` removes all of it."
    )


def down() -> None:
    """End and remove all that `up` made."""
    if FOLDER.exists():
        remove(FOLDER)
    print("nothing of the demo is left")


def main(arguments: list[str]) -> int:
    """Do one of the two."""
    verbs = {"up": up, "down": down}
    if len(arguments) != 1 or arguments[0] not in verbs:
        print("write: python -m tests.live.demo up, or down", file=sys.stderr)
        return 2
    if arguments[0] == "up" and (found := obstacles()):
        print("\n".join(("there can be no test hosts here:", *found)), file=sys.stderr)
        return 1
    try:
        verbs[arguments[0]]()
    except (BuildError, ClusterError, EngineError, HostError) as error:
        print(f"{error}\nRun it again to go on, or `make demo-down` to begin anew.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
