"""A Pulumi policy pack that judges Kubernetes platforms before anything is created.

It guards the stacks of this project and any other Pulumi program that uses these resource types, so it imports nothing
of the project's other folders.

    properties.py    a resource's properties to read, unknowns included
    rule.py          what a rule is, and what it may ask
    rules/           the rules, by cloud and subject; catalogue.py lists them all
    frameworks/      the controls that rules serve, and what could show that each is met
    judge.py         runs rules: what each finds, what it cannot tell, how it failed
    settings.py      `infraplatform:policies`; enforcement.py gives each rule its level by it
    pack.py          the rules at work on one stack; server.py serves them to the engine
    report.py        what a plan shows of a framework's controls, as text, JSON or HTML
    documents.py     makes docs/policies.md
"""
