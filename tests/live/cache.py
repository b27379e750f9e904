"""Fills the cache with what is made of the built binaries: `python -m tests.live.cache`.

The hosts' system and every image of both versions. What is there is not made again.
"""

from __future__ import annotations

import sys

from tests.conformance.build import BuildError
from tests.live import images, rootfs
from tests.live.build import KUBERNETES, KUBERNETES_NEXT


def main() -> int:
    """Make what is missing."""
    try:
        rootfs.host()
        for version in (KUBERNETES, KUBERNETES_NEXT):
            for image in images.images(version):
                if not image.archive.is_file():
                    print(f"{image.reference}: packing", flush=True)
                    images.make(image)
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
