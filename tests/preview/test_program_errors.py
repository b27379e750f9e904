"""A program that ends badly is told by its own lines."""

from __future__ import annotations

import pytest

from tests.preview.conftest import Program, messages, operations


@pytest.mark.parametrize("monitor", ["child", "parent"])
def test_a_program_that_raises_shows_its_own_lines_and_plans_nothing(program: Program, monitor: str) -> None:
    plan = program(
        """
        def load():
            raise ValueError("zones: 'x' is not a zone")
        load()
        """,
        monitor=monitor,
    )
    assert not plan.complete
    assert plan.steps == ()
    shown = messages(plan)
    assert "line 3, in load" in shown
    assert shown.endswith("ValueError: zones: 'x' is not a zone\nnothing planned")
    assert "runpy" not in shown
    assert "site-packages" not in shown


def test_an_error_after_the_first_resource_leaves_a_partial_plan_that_is_marked_incomplete(program: Program) -> None:
    plan = program("""
        from things import Thing
        Thing("first")
        raise ValueError("later")
    """)
    assert not plan.complete
    assert plan.failed
    assert operations(plan) == {"first": "create"}
    assert "nothing planned" not in messages(plan)


def test_a_run_error_shows_its_message_alone(program: Program) -> None:
    plan = program("""
        import pulumi
        raise pulumi.RunError("infraplatform:network: cidr: is missing")
    """)
    assert messages(plan) == "infraplatform:network: cidr: is missing\nnothing planned"


def test_a_syntax_error_names_its_line(program: Program) -> None:
    plan = program("import pulumi\nx = = 1\n")
    assert '__main__.py", line 2' in messages(plan)
    assert "SyntaxError: invalid syntax" in messages(plan)


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("def spin():\n    while True:\n        pass\nspin()\n", " in spin"),
        (
            """
            import asyncio, pulumi
            async def never():
                await asyncio.Future()
            pulumi.export("x", pulumi.Output.from_input(never()))
            """,
            "__main__.py:4 in never",
        ),
    ],
    ids=["computes for ever", "waits for ever"],
)
def test_a_program_that_hangs_is_stopped_and_said_where_it_was(program: Program, source: str, where: str) -> None:
    plan = program(source, timeout_seconds=1.5)
    assert not plan.complete
    assert "did not end within 1.5 seconds" in messages(plan)
    assert where in messages(plan)


def test_a_process_that_dies_is_a_failed_preview(program: Program) -> None:
    plan = program("import os, sys\nprint('last words', file=sys.stderr)\nos._exit(3)\n")
    assert not plan.complete
    assert "ended with exit code 3:\nlast words" in messages(plan)


def test_sys_exit_without_an_error_is_a_complete_program(program: Program) -> None:
    plan = program("""
        import sys
        from things import Thing
        Thing("thing")
        sys.exit(0)
    """)
    assert plan.complete
    assert operations(plan) == {"thing": "create"}


def test_an_output_formatted_into_a_name_is_an_error(program: Program) -> None:
    plan = program("""
        from things import Thing
        first = Thing("first")
        Thing(f"second-{first.made}")
    """)
    assert not plan.complete
    assert "Calling __str__ on an Output[T] is not supported" in messages(plan)
