"""Address ranges that stand for the whole internet."""

from __future__ import annotations

import ipaddress

_FEWEST_FIXED_BITS = 8  # 10.0.0.0/8 is a network; 0.0.0.0/1 and 2000::/3 are halves of the internet and all of it


def is_the_internet(cidr: str) -> bool:
    """Whether a range is so wide that it names nobody: `0.0.0.0/0`, `::/0`, `0.0.0.0/1`. Other text is no range."""
    try:
        return ipaddress.ip_network(cidr, strict=False).prefixlen < _FEWEST_FIXED_BITS
    except ValueError:
        return False
