"""Whether this machine lets test hosts be what they must: `python -m tests.live.probe` says why not, and fails.

`obstacles.py` looks; this tries. A host is booted, answers SSH and runs a container, as a kubelet would have it. CI
asks before its live step: a machine on which no host can work is a named skip, anything else is a failure.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any, Final

from components.versions import HELPER_IMAGE_VERSION
from tests.live import site
from tests.live.build import KUBERNETES
from tests.live.hosts import Host
from tests.live.processes import HostError

_HOST: Final = "worker-1"
_IMAGE: Final = f"docker.io/library/busybox:{HELPER_IMAGE_VERSION}"
_RUN_A_CONTAINER: Final = """
set -e
curl --fail --silent --show-error {containerd} | tar -xz -C /usr/local
curl --fail --silent --show-error --output /var/tmp/image.tar {image}
systemd-run --quiet --unit=probe-containerd --property=Delegate=yes /usr/local/bin/containerd
for _ in $(seq 30); do ctr version >/dev/null 2>&1 && break; sleep 1; done
ctr images import /var/tmp/image.tar >/dev/null
mkdir -p /sys/fs/cgroup/memory/probe 2>/dev/null || mkdir -p /sys/fs/cgroup/probe
timeout 60 ctr run --rm --cgroup /probe {name} probe /bin/busybox echo works
"""


def obstacle() -> str:
    """Why a test host cannot work on this machine; empty where it can."""
    folder = Path(tempfile.mkdtemp(prefix="infraplatform-probe-", dir="/var/tmp"))
    try:
        made = site.Site(folder)
    except (HostError, AssertionError) as error:
        return f"no site can be made: {error}"
    try:
        (host,) = made.add(_HOST)
        return _without_containers(host, made.release(KUBERNETES))
    except HostError as error:
        return str(error)
    finally:
        site.remove(folder)


def _without_containers(host: Host, offered: dict[str, Any]) -> str:
    script = _RUN_A_CONTAINER.format(
        containerd=offered["downloads"]["containerd"]["url"],
        image=offered["image_archives"][_IMAGE]["url"],
        name=_IMAGE,
    )
    done = host.run(script, check=False)
    return "" if done.stdout.strip().endswith("works") else f"a host runs no container: {done.stdout}{done.stderr}"


def main() -> int:
    """Print the obstacle, if there is one."""
    found = obstacle()
    if found:
        print(found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
