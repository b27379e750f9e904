"""Sets up `.venv` from the pinned requirements: `python3 tools/venv.py [--dev]`.

It needs Python 3.11 or newer with its `venv` module, and a package registry; no other package. A pinned uv is
installed first, because it installs the big SDKs several times faster than pip, then uv installs the rest and compiles
its bytecode. A stamp in the venv, named by the hash of the requirements and of the Python that runs, makes the next run
a matter of milliseconds. A run that was killed leaves its mark instead, and the next one starts from nothing.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
VENV: Final = ROOT / ".venv"
PYTHON: Final = VENV / "bin" / "python"
UNFINISHED: Final = VENV / "unfinished"

_RUNTIME: Final = ROOT / "requirements.txt"
_DEVELOPMENT: Final = ROOT / "requirements-dev.txt"
_MINIMUM_PYTHON: Final = (3, 11)

# uv reads its own settings only. What says how to reach a package registry is passed on; what says how to resolve is
# not, because the pins say that.
_REGISTRY_SETTINGS: Final = frozenset(
    {
        "UV_CACHE_DIR",
        "UV_DEFAULT_INDEX",
        "UV_EXTRA_INDEX_URL",
        "UV_FIND_LINKS",
        "UV_HTTP_TIMEOUT",
        "UV_INDEX",
        "UV_INDEX_URL",
        "UV_KEYRING_PROVIDER",
        "UV_NATIVE_TLS",
        "UV_OFFLINE",
        "UV_SYSTEM_CERTS",
    }
)


class SetUpError(Exception):
    """The environment cannot be set up; the message says what to do."""


def main() -> int:
    """Set up the venv, unless it is there.

    Returns:
        0 when the venv holds what the requirements say, 1 with a message when it cannot be made.
    """
    parser = argparse.ArgumentParser(description="Set up .venv from the pinned requirements.")
    parser.add_argument("--dev", action="store_true", help="also what tests and linters need")
    requirements = _DEVELOPMENT if parser.parse_args().dev else _RUNTIME
    try:
        _refuse_old_python()
        with _RUNTIME.open() as lock:  # two runs of make at once: the second waits, then finds it done
            fcntl.flock(lock, fcntl.LOCK_EX)
            set_up(requirements)
    except SetUpError as error:
        print(f"set-up: {error}", file=sys.stderr)
        return 1
    return 0


def set_up(requirements: Path) -> None:
    """Bring `.venv` to what `requirements` says.

    Raises:
        SetUpError: no venv can be made, or a package cannot be installed.
    """
    stamps = {path: VENV / f"{path.stem}-{_digest(path)}.stamp" for path in (_RUNTIME, _DEVELOPMENT)}
    if stamps[requirements].exists() or stamps[_DEVELOPMENT].exists():
        return
    started = time.monotonic()
    _say(f"setting up .venv from {requirements.name}: a minute or two, once")
    if not _is_whole():
        _create_venv()
    for outdated in VENV.glob("*.stamp"):
        if outdated not in stamps.values():
            outdated.unlink()
    UNFINISHED.touch()
    environment = _install_environment()
    _run([PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", _pin("uv")], environment)
    install = [PYTHON, "-m", "uv", "--no-config", "pip", "install", "--quiet", "--compile-bytecode"]
    _run([*install, "--python", PYTHON, "--requirement", requirements], environment)
    stamps[requirements].touch()
    UNFINISHED.unlink()
    _say(f"done in {time.monotonic() - started:.0f} s")


def _refuse_old_python() -> None:
    if sys.version_info < _MINIMUM_PYTHON:
        have = ".".join(map(str, sys.version_info[:3]))
        want = ".".join(map(str, _MINIMUM_PYTHON))
        raise SetUpError(f"Python {have} is too old, {want} or newer is needed: make PYTHON=/path/to/python{want} ...")


def _digest(requirements: Path) -> str:
    """Return what the stamp is named by: every requirement file's text, and the Python that the venv is made of."""
    texts = [path.read_bytes() for path in (_RUNTIME, requirements)]
    python = f"{sys.version} {sys.base_prefix}".encode()
    return hashlib.sha256(b"\0".join([python, *texts])).hexdigest()[:16]


def _is_whole() -> bool:
    """Whether the venv there can be built upon: same Python, pip, and no mark of a killed run."""
    if UNFINISHED.exists() or not PYTHON.exists():
        return False
    probe = [PYTHON, "-c", "import pip, sys; print(sys.version, sys.base_prefix)"]
    answer = subprocess.run(probe, capture_output=True, text=True, check=False)
    return answer.returncode == 0 and answer.stdout.strip() == f"{sys.version} {sys.base_prefix}".strip()


def _create_venv() -> None:
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    UNFINISHED.touch()
    made = subprocess.run([sys.executable, "-m", "venv", VENV], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        hint = "on Debian and Ubuntu: apt install python3-venv"
        raise SetUpError(f"`{sys.executable} -m venv` failed ({hint}):\n{made.stdout}{made.stderr}")


def _install_environment() -> dict[str, str]:
    """Return this process's environment without what would change the installed versions or skip their bytecode."""
    unwanted = ("UV_", "PYTHON", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_USER", "PIP_REQUIRE")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(unwanted) or k in _REGISTRY_SETTINGS}
    return _pip_settings_for_uv() | kept


def _pip_settings_for_uv() -> dict[str, str]:
    """Return how the user's pip reaches a registry, in uv's words: a company's mirror is usually set for pip alone."""
    listing = subprocess.run([PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    settings = {}
    for pip_name, uv_name in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        found = re.findall(rf"^\S+\.{pip_name}='(.*)'$", listing.stdout, re.MULTILINE)
        if found:
            settings[uv_name] = found[-1]
    return settings


def _pin(package: str) -> str:
    pin = re.search(rf"^{re.escape(package)}==[^\s;#]+", _DEVELOPMENT.read_text(encoding="utf-8"), re.MULTILINE)
    if pin is None:
        raise SetUpError(f"{_DEVELOPMENT.name} pins no {package}: add a line `{package}==VERSION`")
    return pin.group()


def _run(command: list[str | Path], environment: dict[str, str]) -> None:
    if subprocess.run(command, env=environment, check=False).returncode != 0:
        raise SetUpError(f"failed: {' '.join(map(str, command))}")


def _say(message: str) -> None:
    print(f"set-up: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
