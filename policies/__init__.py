"""A Pulumi policy pack that judges Kubernetes platforms before anything is created.

It guards the stacks of this project and any other Pulumi program that uses these resource types, so it imports nothing
of the project's other folders.

    properties.py    a resource's properties to read, unknowns included
    rule.py          what a rule is, and what it may ask
    rules/           the rules, by cloud and subject; catalogue.py lists them all
"""
