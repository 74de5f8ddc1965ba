"""The sentences that the engine and the actions say, read off their source, so that nobody declares them twice.

Errors and explanations are f-strings all over the engine, which knows no catalogue. This walks the syntax tree of
`src/evenhand`, takes every sentence given to a class of `errors.py` and every sentence of `reasons/`, and writes each as a
template with named placeholders. Called by `extracting`, when catalogues are made. Must never run while a page is served.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MOST_WAYS: Final = 8
"""A sentence with more alternatives than this inside ("was" or "were", ...) keeps them as a placeholder."""

ERRORS: Final = "errors.py"
TOLD: Final = ("reasons", "allocation/limits.py", "allocation/eligibility.py", "actions/rounds/choosing.py")
"""Where every sentence is for people, whatever it is given to."""

SAID_TO: Final = {"Problem"}
"""Beside the errors themselves: what holds one sentence of a refusal."""

ALSO: Final = (
    "{table}, row {row}, column {column}: {text}", "{table}, row {row}: {text}", "{table}, column {column}: {text}",
    "{heading} in the tables", "... and {count} more",
)  # fmt: skip
"""How `errors.py` puts several problems together, piece by piece, which nothing can read off."""

NOT_FOR_PEOPLE: Final = {
    "ValueError", "TypeError", "AssertionError", "RuntimeError", "KeyError", "AttributeError", "NotImplementedError",
}  # fmt: skip

Parts = tuple["str | Hole", ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """Stand where a value is put in: its name, and the expression that tells equal ones apart."""

    name: str
    said: str


@dataclass(frozen=True, slots=True, order=True)
class Sentence:
    """Hold one template, "{ref} is {state}", and the file it was found in."""

    template: str
    file: str


@dataclass(slots=True)
class _Scope:
    """Hold what names stand for inside one function: the strings that are assigned to them."""

    assigned: dict[str, list[ast.expr]] = field(default_factory=dict)


def read_sentences(folder: Path) -> list[Sentence]:
    """Return every sentence of the source below a folder, each once, by template.

    Parameters
    ----------
    folder
        The package, `src/evenhand`.
    """
    trees = {
        file.relative_to(folder).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for file in sorted(folder.rglob("*.py"))
        if not {"migrations", "cli"} & set(file.parts)  # commands are in English
    }
    errors = _error_classes(trees.values())
    returned = _returned(trees.values())
    found: dict[str, str] = dict.fromkeys(ALSO, ERRORS)
    for file, tree in trees.items():
        for template in _Reader(file, errors, returned).read(tree):
            found.setdefault(template, file)
    return [Sentence(template, file) for template, file in sorted(found.items())]


def _error_classes(trees: Iterable[ast.Module]) -> frozenset[str]:
    """Return the names of EvenhandError and of every class that is made from it, wherever it stands."""
    above = {
        node.name: {one.id for one in node.bases if isinstance(one, ast.Name)}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"EvenhandError"}
    while more := {name for name, bases in above.items() if bases & known} - known:
        known |= more
    return frozenset(known)


def _returned(trees: Iterable[ast.Module]) -> dict[str, list[ast.expr]]:
    """Return what each function that gives text returns, by the function's name; a name used twice is nobody's."""
    found: dict[str, list[ast.expr]] = {}
    twice: set[str] = set()
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and isinstance(node.returns, ast.Name) and node.returns.id == "str":
                if node.name in found:
                    twice.add(node.name)
                found[node.name] = [
                    one.value for one in ast.walk(node) if isinstance(one, ast.Return) and one.value is not None
                ]
    return {name: values for name, values in found.items() if name not in twice}


class _Reader(ast.NodeVisitor):
    """Read one file."""

    def __init__(self, file: str, errors: frozenset[str], returned: dict[str, list[ast.expr]]) -> None:
        self.file = file
        self.told = file.startswith(TOLD)
        self.errors = errors | SAID_TO
        self.in_error = file == ERRORS
        self.returned = returned
        self.scopes: list[_Scope] = [_Scope()]
        self.found: dict[str, None] = {}
        self.followed: set[str] = set()

    def read(self, tree: ast.Module) -> list[str]:
        self._scoped(tree)
        return list(self.found)

    # ── where sentences stand ────────────────────────────────────────────────────────────────────────────────────────

    def _scoped(self, node: ast.Module | ast.FunctionDef) -> None:
        scope = _Scope()
        for one in ast.walk(node):
            if isinstance(one, ast.Assign | ast.AnnAssign | ast.AugAssign) and one.value is not None:
                targets = one.targets if isinstance(one, ast.Assign) else [one.target]
                for target in targets:
                    for name, value in _pairs(target, one.value):
                        scope.assigned.setdefault(name, []).append(value)
        self.scopes.append(scope)
        for child in _without_docstring(node):
            self.visit(child)
        self.scopes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._scoped(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        outer, self.in_error = self.in_error, self.in_error or node.name in self.errors
        for child in _without_docstring(node):
            self.visit(child)
        self.in_error = outer

    def visit_Call(self, node: ast.Call) -> None:
        name = _called(node.func)
        if name in NOT_FOR_PEOPLE:
            return
        to_error = name in self.errors or (self.in_error and name == "__init__")
        for given in (*node.args, *(keyword.value for keyword in node.keywords)):
            if to_error or self.told:
                self._take(given)
            self.visit(given)
        self.visit(node.func)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None:
            if self.told or self.in_error:
                self._take(node.value)
            self.visit(node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        if self.told:
            self._take(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        if self.told:
            self._take(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # what is a constant by itself is a docstring of a name
            self.generic_visit(node)

    # ── what they say ────────────────────────────────────────────────────────────────────────────────────────────────

    def _take(self, node: ast.expr) -> None:
        for parts in self._ways(node):
            template = write_template(parts)
            if is_sentence(template) or (self.file == ERRORS and " " in template):
                self.found.setdefault(template)

    def _ways(self, node: ast.expr) -> list[Parts]:
        """Return the ways in which an expression can be said; none where it is no text that stands in the source."""
        if isinstance(node, ast.Constant):
            return [_parts_of_constant(node.value)] if isinstance(node.value, str) else []
        if isinstance(node, ast.JoinedStr):
            return _product([self._piece(value) for value in node.values])
        if isinstance(node, ast.FormattedValue):
            inner = self._inside(node.value)
            return inner or [(_hole(node.value),)]
        if isinstance(node, ast.IfExp):
            return [*(self._ways(node.body) or self._unknown(node.body)), *(self._ways(node.orelse) or self._unknown(node.orelse))]  # fmt: skip
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            sides = [self._ways(node.left), self._ways(node.right)]
            if not any(sides):
                return []
            return _product([side or [(_hole(of),)] for side, of in zip(sides, (node.left, node.right), strict=True)])
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.Or):
            return [way for value in node.values for way in self._ways(value)]
        if isinstance(node, ast.Name):
            self._follow(node.id)
            return []
        return self._of_call(node)

    def _piece(self, node: ast.expr) -> list[Parts]:
        """Return the ways of one piece of an f-string; what looks like a hole in its plain text is none."""
        if isinstance(node, ast.Constant):
            return [(str(node.value),)]
        return self._ways(node) or [(_hole(node),)]

    def _of_call(self, node: ast.expr) -> list[Parts]:
        if not isinstance(node, ast.Call):
            return []
        name = _called(node.func)
        if name == "suggest":
            return [(), ("; did you mean '", Hole("near", "near"), "'?")]
        if isinstance(node.func, ast.Attribute) and name in ("strip", "format", "rstrip"):
            return self._ways(node.func.value)
        self._follow_call(name)
        return []

    def _inside(self, node: ast.expr) -> list[Parts]:
        """Return the ways of what stands between braces, where it is a choice among words of the source."""
        if isinstance(node, ast.IfExp | ast.Call):
            ways = self._ways(node)
            return ways if len(ways) > 1 else []
        if isinstance(node, ast.Name | ast.BoolOp):
            self._ways(node)
        return []

    def _unknown(self, node: ast.expr) -> list[Parts]:
        return [(_hole(node),)]

    def _follow(self, name: str) -> None:
        """Take what a variable was given as a sentence of its own: it stands inside another."""
        for value in self.scopes[-1].assigned.get(name, ()):
            mark = f"{id(value)}"
            if mark not in self.followed:
                self.followed.add(mark)
                self._take(value)

    def _follow_call(self, name: str) -> None:
        mark = f"call {name}"
        if mark not in self.followed:
            self.followed.add(mark)
            for value in self.returned.get(name, ()):
                self._take(value)


def is_sentence(template: str) -> bool:
    """Say whether a template has words to translate: two at least, outside its placeholders.

    Examples
    --------
    >>> is_sentence("{ref} is {state}; only a draft can be submitted"), is_sentence("{row}: {text}"), is_sentence("sha256")
    (True, False, False)
    """
    fixed = re.sub(r"\{\w+\}", "", template.replace("{{", "").replace("}}", ""))
    return len(re.findall(r"[A-Za-z]{2,}", fixed)) > 1 and " " in template.strip() and "<" not in fixed


def write_template(parts: Parts) -> str:
    """Return parts as one template; holes side by side become one, equal ones share a name, others are numbered."""
    merged: list[str | Hole] = []
    for part in parts:
        last = merged[-1] if merged else None
        if isinstance(part, Hole) and isinstance(last, Hole):
            merged[-1] = Hole(f"{last.name}_{part.name}", f"{last.said} {part.said}")
        elif isinstance(part, str) and isinstance(last, str):
            merged[-1] = last + part
        else:
            merged.append(part)
    names: dict[str, str] = {}
    text = ""
    for part in merged:
        if isinstance(part, str):
            text += part.replace("{", "{{").replace("}", "}}")
            continue
        if part.said not in names:
            taken = set(names.values())
            numbered = (f"{part.name}_{number}" for number in itertools.count(2))
            names[part.said] = next(name for name in itertools.chain([part.name], numbered) if name not in taken)
        text += f"{{{names[part.said]}}}"
    return text


def _parts_of_constant(text: str) -> Parts:
    """Return a constant's parts; `{what}` in one is a hole, because it is filled by `format` later."""
    pieces = re.split(r"\{([a-z_]+)\}", text)
    return tuple(Hole(piece, piece) if place % 2 else piece for place, piece in enumerate(pieces) if piece or place % 2)


def _product(choices: Sequence[list[Parts]]) -> list[Parts]:
    ways: list[Parts] = [()]
    for choice in choices:
        more = [(*way, *one) for way in ways for one in choice]
        ways = more if len(more) <= MOST_WAYS else [(*way, Hole("words", f"words {len(way)}")) for way in ways]
    return ways


def _hole(node: ast.expr) -> Hole:
    value = node.value if isinstance(node, ast.FormattedValue) else node
    return Hole(_name_of(value), ast.dump(value))


def _name_of(node: ast.expr) -> str:
    """Return what a value is best called, from the expression that gives it."""
    name = "value"
    if isinstance(node, ast.Name):
        name = node.id
    elif isinstance(node, ast.Attribute):
        name = node.attr
    elif isinstance(node, ast.Subscript):
        key = node.slice
        name = key.value if isinstance(key, ast.Constant) and isinstance(key.value, str) else _name_of(node.value)
    elif isinstance(node, ast.Call):
        called = _called(node.func)
        first = node.args[0] if node.args else None
        if called == "join":
            name = "list"
        elif called == "len":
            name = "count"
        elif isinstance(node.func, ast.Attribute) and first is None:
            name = _name_of(node.func.value)
        elif called in ("shown", "str", "exact", "_said", "sorted", "repr") and first is not None:
            name = _name_of(first)
        else:
            name = called
    elif isinstance(node, ast.BinOp):
        name = _name_of(node.left)
    elif isinstance(node, ast.BoolOp):
        name = _name_of(node.values[0])
    name = re.sub(r"\W+", "_", name).strip("_").lower().removesuffix("_id")
    return name if name and not name[0].isdigit() else "value"


def _called(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _pairs(target: ast.expr, value: ast.expr) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(target, ast.Name):
        yield target.id, value
    elif isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
        for one, its in zip(target.elts, value.elts, strict=True):
            yield from _pairs(one, its)


def _without_docstring(node: ast.Module | ast.FunctionDef | ast.ClassDef) -> list[ast.stmt]:
    return node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
