"""The Pulumi program: settings -> build -> export. It creates no resource itself."""

import pulumi

from components.compose import build
from components.settings import load
from components.settings.stack_config import secret_keys, stack_config

for name, value in build(load(stack_config(), secret_keys())).items():
    pulumi.export(name, value)
