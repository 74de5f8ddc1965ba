"""Directives that write the reference from the program itself, so that the two cannot differ.

```{columns} needs        the columns of a table, from `evenhand.supply.columns`
```{registers} parties    the columns of a table that `evenhand import` takes, from `evenhand.supply.registers`
```{layouts}              the layouts of other people's files that are shipped
```{command} allocate     a command's usage and options, from `evenhand.cli`
```{commands} need        every command of a group, made from actions and lookups
```{settings}             the settings of an installation, from `evenhand.configuration`
```{rules}                the rules, from `evenhand.fairness.rules`
```{measures}             the measures, from `evenhand.fairness.measures`
```{errors}               the tree of errors, from `evenhand.errors`
"""

from __future__ import annotations

import inspect
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar

from docutils import nodes
from docutils.statemachine import StringList
from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

SHARED = frozenset({"acting_as", "reason", "request", "as_json", "everything"})
"""Options that every command of a group takes; described once, above them all."""


def markdown_table(head: list[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return a Markdown table."""

    def line(cells: Iterable[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    return [line(head), line(["---"] * len(head)), *(line(row) for row in rows)]


class Written(SphinxDirective):
    """Parse the Markdown that `lines` returns in the directive's place."""

    has_content = False

    @abstractmethod
    def lines(self) -> list[str]:
        """Return the Markdown."""

    def run(self) -> list[nodes.Node]:
        place = nodes.container()
        self.state.nested_parse(StringList(self.lines(), source=self.get_location()), self.content_offset, place)
        return place.children


class Columns(Written):
    required_arguments = 1

    def table(self) -> Any:
        from evenhand.cli.columns import READ, WRITTEN

        return (READ | WRITTEN)[self.arguments[0]]

    def lines(self) -> list[str]:
        from evenhand.cli.columns import list_columns

        table = self.table()
        rows = []
        for name, needed, holds, unit, default, meaning in list_columns(table).rows:
            measure = f"{holds}, {unit}" if unit else holds
            rows.append([f"`{name}`", meaning, measure, "required" if needed == "yes" else default or "empty"])
        return [f"A row is {table.row}.", "", *markdown_table(["column", "meaning", "holds", "if absent"], rows)]


class Registers(Columns):
    def table(self) -> Any:
        from evenhand.supply.registers import REGISTERS

        return REGISTERS[self.arguments[0]]


class Layouts(Written):
    def lines(self) -> list[str]:
        import tomllib
        from pathlib import Path

        from evenhand.exchange.imports import layouts

        rows = []
        for file in sorted(Path(str(layouts.__file__)).parent.glob("*.toml")):
            declared = tomllib.loads(file.read_text(encoding="utf-8"))
            base = (
                tomllib.loads((file.parent / f"{declared['extends']}.toml").read_text(encoding="utf-8"))
                if "extends" in declared
                else {}
            )
            whole = base | declared
            rows.append(
                [
                    f"`{file.stem}`",
                    f"`{whole['table']}`",
                    f"[{whole['title']}]({whole['source']})",
                    "; ".join(whole.get("notes", [])),
                ]
            )
        return markdown_table(["layout", "becomes", "of", "what it decides"], rows)


class Command(Written):
    required_arguments = 1

    def lines(self) -> list[str]:
        command = self._commands()[self.arguments[0]]
        arguments = [one for one in command.params if one.param_type_name == "argument"]
        options = [one for one in command.params if one.param_type_name == "option"]
        usage = " ".join(["evenhand", command.name, *(one.metavar for one in arguments), "[OPTIONS]"])
        described = [[f"`{one.metavar}`", one.help or ""] for one in arguments]
        described += [[f"`{self._written(one)}`", self._said(one)] for one in options]
        return [
            *inspect.cleandoc(command.help or "").splitlines(),
            "",
            "```text",
            usage,
            "```",
            "",
            *markdown_table(["argument or option", "meaning"], described),
        ]

    _made: ClassVar[dict[str, Any]] = {}

    def _commands(self) -> dict[str, Any]:
        if not self._made:
            import typer.main

            from evenhand.cli.application import make_application

            self._made.update(typer.main.get_command(make_application()).commands)  # type: ignore[attr-defined]  # a group
        return self._made

    @staticmethod
    def _written(option: Any) -> str:
        names = ", ".join(option.opts)
        return names if option.is_flag else f"{names} {option.metavar}"

    @staticmethod
    def _said(option: Any) -> str:
        said = option.help or ""
        if isinstance(option.show_default, str):
            return f"{said} Default: {option.show_default}."
        if option.is_flag or option.default is None or option.multiple:
            return said
        return f"{said} Default: `{option.default}`."


class Commands(Command):
    @staticmethod
    def _named(argument: Any) -> str:
        return str(argument.metavar or argument.name.upper()).strip("{}")

    def lines(self) -> list[str]:
        import typer.main

        from evenhand.cli.application import make_application

        group = self.arguments[0]
        below = typer.main.get_command(make_application(group)).commands[group]  # type: ignore[attr-defined]  # a group
        written = [str(below.help), ""]
        for name, command in below.commands.items():
            arguments = [one for one in command.params if one.param_type_name == "argument"]
            options = [one for one in command.params if one.param_type_name == "option" and one.name not in SHARED]
            usage = " ".join(["evenhand", group, name, *(self._named(one) for one in arguments), "[OPTIONS]"])
            rows = [[f"`{self._named(one)}`", one.help or ""] for one in arguments]
            rows += [[f"`{self._written(one)}`", self._said(one)] for one in options]
            summary = inspect.cleandoc(command.help or "").split("\n\n")[0]
            written += [f"`{usage}`", "", *summary.splitlines(), ""]
            written += [*markdown_table(["argument or option", "meaning"], rows), ""] if rows else []
        return written


class Settings(Written):
    def lines(self) -> list[str]:
        from evenhand.configuration import SETTINGS

        rows = [
            [f"`{one.name}`", f"`{one.variable}`", one.meaning, f"`{one.default}`" if one.default else "empty"]
            for one in SETTINGS
        ]
        return markdown_table(["in evenhand.toml", "in the environment", "meaning", "default"], rows)


class Rules(Written):
    def lines(self) -> list[str]:
        from evenhand.fairness.rules import RULES

        rows = [[f"`{rule.name}`", rule.words, f"`{rule.formula}`", rule.source] for rule in RULES.values()]
        return markdown_table(["rule", "in words", "level", "source"], rows)


class Measures(Written):
    def lines(self) -> list[str]:
        from evenhand.fairness.measures import MEASURES

        rows = [[one.title, one.meaning, one.better, one.source] for one in MEASURES]
        return markdown_table(["measure", "meaning", "fairer is", "source"], rows)


class Errors(Written):
    def lines(self) -> list[str]:
        from evenhand import errors

        found = [one for one in vars(errors).values() if inspect.isclass(one) and issubclass(one, errors.EvenhandError)]
        rows = [
            [f"`{one.__name__}`", f"`{one.code}`", str(one.exit_code), (inspect.getdoc(one) or "").splitlines()[0]]
            for one in found
        ]
        return markdown_table(["error", "code", "exit code", "meaning"], rows)


def setup(app: Sphinx) -> dict[str, Any]:
    """Make the directives known to Sphinx."""
    for name, directive in {
        "columns": Columns,
        "registers": Registers,
        "layouts": Layouts,
        "command": Command,
        "commands": Commands,
        "settings": Settings,
        "rules": Rules,
        "measures": Measures,
        "errors": Errors,
    }.items():
        app.add_directive(name, directive)
    app.add_lexer("csv", TextLexer)  # code hosts know the name, Pygments does not
    return {"version": "1", "parallel_read_safe": True}
