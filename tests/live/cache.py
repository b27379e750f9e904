"""Fills the cache with what is made of the built binaries: `python -m tests.live.cache`.

The hosts' system, every image, the charts. What is there is not made again.
"""

from __future__ import annotations

import sys

from tests.conformance.build import BuildError
from tests.live import charts, images, rootfs, web_proxy


def main() -> int:
    """Make what is missing."""
    try:
        rootfs.host()
        rootfs.packages(web_proxy.PACKAGES)
        for image in images.every():
            if not image.archive.is_file():
                print(f"{image.reference}: packing", flush=True)
                images.make(image)
        charts.metallb()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
