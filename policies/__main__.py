"""The pack's start, in both ways it is started.

The engine runs this folder as a script (`python -m pulumi.policy ADDRESS FOLDER`) and wants an Analyzer server.
`python -m policies ...` is for people: `catalogue`, `report`.
"""

import sys
from pathlib import Path

if __package__:
    from policies.command import main

    sys.exit(main(sys.argv[1:]))
else:  # as a script this folder is the first on the path, and the package's name is not found
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    from policies.server import serve

    serve()
