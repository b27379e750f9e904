"""The text is the CLI's: its tree, symbols, outputs, diagnostics and summary, and no secret in any of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from preview.colors import paint
from preview.plan import (
    STACK_TYPE,
    UNKNOWN,
    Diagnostic,
    Operation,
    Plan,
    PropertyChange,
    Resource,
    Secret,
    Severity,
    SourcePosition,
    Step,
)
from preview.render import render

STACK = Resource(urn="urn:pulumi:dev::demo::pulumi:pulumi:Stack::demo-dev", type=STACK_TYPE, custom=False)
PART = Resource(
    urn="urn:pulumi:dev::demo::demo:index:Part::part", type="demo:index:Part", custom=False, parent=STACK.urn
)


def vpc(name: str, **more: Any) -> Resource:
    base = Resource(
        urn=f"urn:pulumi:dev::demo::demo:index:Part$aws:ec2/vpc:Vpc::{name}",
        type="aws:ec2/vpc:Vpc",
        custom=True,
        parent=PART.urn,
    )
    return replace(base, **more)


PLAN = Plan(
    project="demo",
    stack="dev",
    steps=(
        Step(operation=Operation.SAME, old=STACK, new=replace(STACK, outputs={"id": UNKNOWN, "token": Secret("x")})),
        Step(operation=Operation.SAME, old=PART, new=PART),
        Step(operation=Operation.CREATE, new=vpc("new")),
        Step(
            operation=Operation.UPDATE,
            old=vpc("changed", inputs={"tags": {"a": "1"}, "token": Secret("old")}),
            new=vpc("changed", inputs={"tags": {"a": "2"}, "token": Secret("new"), "more": [UNKNOWN]}),
            changes={
                "more": PropertyChange.ADD,
                "tags.a": PropertyChange.UPDATE,
                "token": PropertyChange.UPDATE,
            },
        ),
        Step(
            operation=Operation.REPLACE,
            old=vpc("moved", inputs={"cidrBlock": "a"}),
            new=vpc("moved", inputs={"cidrBlock": "b"}),
            changes={"cidrBlock": PropertyChange.UPDATE_REPLACE},
            replace_reasons=("cidrBlock",),
        ),
        Step(operation=Operation.DELETE, old=vpc("gone")),
        Step(operation=Operation.SAME, old=vpc("kept"), new=vpc("kept")),
    ),
    outputs={"id": UNKNOWN, "token": Secret("x"), "zones": {"a": [1, UNKNOWN]}},
    diagnostics=(
        Diagnostic(severity=Severity.ERROR, message="bad\nvery", urn=vpc("new").urn, source=SourcePosition("a.py", 3)),
        Diagnostic(severity=Severity.INFO, message="hello"),
    ),
)


WANTED = """\
Previewing update (dev):

     Type                 Name      Plan     Info
     pulumi:pulumi:Stack  demo-dev
     └─ demo:index:Part   part
 ~      ├─ aws:ec2:Vpc    changed   update   [diff: +more,~tags,~token]
 -      ├─ aws:ec2:Vpc    gone      delete
 +-     ├─ aws:ec2:Vpc    moved     replace  [diff: ~cidrBlock]
 +      └─ aws:ec2:Vpc    new       create   1 error

Outputs:
  + id   : [unknown]
  + token: [secret]
  + zones: {"a": [1, "[unknown]"]}

Diagnostics:
  preview:
    hello

  aws:ec2:Vpc (new):
    error: a.py:3: bad
    very

Resources:
    + 1 to create
    ~ 1 to update
    +-1 to replace
    - 1 to delete
    4 changes. 3 unchanged
    1 errored
"""


def test_a_preview_looks_like_the_clis() -> None:
    assert render(PLAN) == WANTED


def test_sames_are_shown_when_asked_for() -> None:
    assert " kept\n" not in render(PLAN)
    assert " kept\n" in render(PLAN, show_sames=True)


def test_a_diff_shows_old_and_new_values_but_no_secret() -> None:
    text = render(PLAN, diff=True)
    assert '    tags.a: "1" => "2"\n' in text
    assert "    token: [secret] => [secret]\n" in text
    assert '    more: null => ["[unknown]"]\n' in text
    assert '    cidrBlock: "a" => "b" (replaces)\n' in text
    assert "old" not in text.replace("old and new", "")


def test_colours_are_added_without_changing_the_text() -> None:
    colored = render(PLAN, paint=paint)
    assert "\x1b[" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render(PLAN)


def test_the_order_does_not_depend_on_the_order_of_registration() -> None:
    assert render(replace(PLAN, steps=PLAN.steps[::-1])) == render(PLAN)
