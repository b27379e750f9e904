"""What one more own server costs in a preview."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import yaml

from bench.cases import ROOT
from bench.measure import Command, least, python
from bench.report import Ratio, Skipped

WORKERS: Final = (20, 195)
"""Added to an example with three control planes and two workers: 25 nodes, then 200."""
MOST_MS: Final = 20
_EXAMPLE: Final = ROOT / "examples" / "Pulumi.servers-kubeadm-ha.yaml"
_ROUNDS: Final = 3  # the difference of two runs is seconds, and noise is little of that


def per_added_server(folder: Path) -> list[Ratio | Skipped]:
    """Measure the processor time of a preview per own server, between a small site and one of 200 nodes.

    Raises:
        MeasureError: a preview failed.
    """
    small, large = least(*(_preview(count, folder).run for count in WORKERS), rounds=_ROUNDS)
    added = WORKERS[1] - WORKERS[0]
    each_ms = 1000 * (large.cpu_seconds - small.cpu_seconds) / added
    made_of = (
        f"{each_ms:.1f} / {MOST_MS} ms; {small.cpu_seconds:.2f} s, and {large.cpu_seconds:.2f} s with {added} more"
    )
    return [Ratio(f"CPU per added own server up to 200 / {MOST_MS} ms", each_ms / MOST_MS, 1.0, made_of)]


def _preview(workers: int, folder: Path) -> Command:
    content: dict[str, Any] = yaml.safe_load(_EXAMPLE.read_text(encoding="utf-8"))
    hosts: dict[str, Any] = content["config"]["infraplatform:provider"]["hosts"]
    like = hosts["worker-1"]
    for number in range(workers):
        addresses = {"address": f"198.51.100.{number + 1}", "private_address": f"10.0.0.{number + 50}"}
        hosts[f"more-{number:03}"] = {**like, **addresses}
    file = folder / f"Pulumi.{workers}-more-servers.yaml"
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    return python("-m", "preview", "--stack", "servers", "--config-file", str(file), folder=ROOT)
