"""Runs one unmodified Pulumi program for the engine's CLI: `python language_host.py PROGRAM_DIR PORT_FD`.

The Python language host of the CLI is in no package registry. The SDK's own server for inline programs speaks the
same protocol, so this serves a program by it: a fresh process for every run, the program's directory first on
`sys.path` and the working directory, `__main__.py` run as the language host would run it.

The port goes to the file descriptor PORT_FD. The process ends when its standard input is closed, so it never
outlives the one that started it.
"""

from __future__ import annotations

import os
import runpy
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc

# Private names of the SDK; `test_the_sdk_still_serves_inline_programs` fails when an upgrade moves them.
from pulumi.automation._server import LanguageServer
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import language_pb2_grpc


def serve(program_dir: str, port_descriptor: int) -> None:
    """Serve the program until standard input is closed."""
    os.chdir(program_dir)
    sys.path[0] = program_dir  # was this file's own folder
    program = os.path.join(program_dir, "__main__.py")  # noqa: PTH118  # pathlib would be one more module to leak

    def run() -> None:
        runpy.run_path(program, run_name="__main__")

    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_GRPC_CHANNEL_OPTIONS)
    language_pb2_grpc.add_LanguageRuntimeServicer_to_server(LanguageServer(run), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with os.fdopen(port_descriptor, "w") as announcement:
        announcement.write(str(port))
    sys.stdin.read()
    os._exit(0)  # the run is over: nothing to flush, and a hanging thread of the program must not keep us


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
