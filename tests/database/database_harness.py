"""The database that tests run on, as a plugin of pytest: ``pytest --database sqlite`` (the default) or ``postgresql``.

Django is started only when a file of a folder that needs it is collected, so that the engine's tests neither pay for
it nor fail with it. A process of the tests has a data folder of its own and in it, or on the one PostgreSQL server of
the session, a database of its own; xdist's workers share the server that their controller started.

The people register has a database of its own beside the first. A test reaches it where it asks for it, with
``pytest.mark.django_db(databases=["default", "people"])`` or by ``fresh_databases``.

Fixtures: ``db`` and ``transactional_db`` (pytest-django's), ``database_vendor``, and ``fresh_database`` (``fresh_databases``
with the people register) for tests with several processes, threads or deaths.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from postgresql_server import SWIFT, PostgresqlServer, ServerMissing, url

PROJECT = Path(__file__).resolve().parents[2]
SERVER_FOLDERS = {
    *(
        "server",
        "web",
        "api",
        "actions",
        "lookups",
        "rounds",
        "stockbook",
        "said",
        "people",
        "records",
        "access",
        "database",
    ),
    *("faults", "story"),  # folders of tests that mirror no single folder of the source
}
"""The folders, under src/evenhand and under tests, whose modules need Django; under tests they carry `databases`."""

ABOUT_DATABASES = {"database", "faults", "story"}
"""Folders of tests that run whole on either database, processes of their own included."""

DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_setup",
    "fresh_database",
    "fresh_databases",
    "database_vendor",
}
"""Fixtures by which a test reaches a database, by itself or through what it asks for."""

SETTINGS = "evenhand.server.settings"
CHOSEN = "EVENHAND_TEST_DATABASE"
SERVER = "EVENHAND_TEST_POSTGRESQL"
FOR_TESTS = ("EVENHAND_TEST_", "EVENHAND_FAULTS")
"""How the names of variables begin that are settings of the tests; all others of Evenhand's are taken away."""

PEOPLE = "people"
"""The alias of the people register's database."""

SQLITE_FILES = {"default": "evenhand.sqlite3", PEOPLE: "people.sqlite3"}
VARIABLES = {"default": "EVENHAND_DATABASE", PEOPLE: "EVENHAND_PEOPLE_DATABASE"}
_numbers = itertools.count(1)
_started_server = pytest.StashKey[PostgresqlServer]()
_data_folder = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgresql"),
        default=os.environ.get(CHOSEN, "sqlite"),
        help=f"the database that tests run on (default: ${CHOSEN}, else sqlite)",
    )


def pytest_configure(config: pytest.Config) -> None:
    ours = [name for name in os.environ if name.startswith("EVENHAND_") and not name.startswith(FOR_TESTS)]
    for name in ours:
        del os.environ[name]  # whoever runs the tests may have an installation of their own
    folder = Path(tempfile.mkdtemp(prefix="evenhand-tests-"))
    config.stash[_data_folder] = folder
    os.environ["EVENHAND_DATA"] = str(folder)
    os.environ["EVENHAND_HTTPS"] = "no"  # tests ask over http; tests/web/security looks at the other
    if config.getoption("--database") == "postgresql":
        if not hasattr(config, "workerinput"):
            try:
                server = config.stash[_started_server] = PostgresqlServer(**SWIFT)
            except ServerMissing as missing:
                raise pytest.UsageError(str(missing)) from missing
            server.start()
            os.environ[SERVER] = str(server.folder)
        for alias, variable in VARIABLES.items():
            os.environ[variable] = url(os.environ[SERVER], f"evenhand_{alias}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if _started_server in config.stash:
        config.stash[_started_server].remove()
        del os.environ[SERVER]
    if _data_folder in config.stash:
        shutil.rmtree(config.stash[_data_folder], ignore_errors=True)


def pytest_report_header(config: pytest.Config) -> str:
    return f"database: {config.getoption('--database')}"


def _needs_django(file: Path) -> bool:
    for root in (PROJECT / "src" / "evenhand", PROJECT / "tests"):
        if file.is_relative_to(root):
            return file.relative_to(root).parts[0] in SERVER_FOLDERS
    return False


def start_django(config: pytest.Config) -> None:
    """Set Django up, with the database closed to all but the tests that ask for it."""
    from pytest_django.plugin import _setup_django  # pinned by the lock; it offers no public door for a late start

    if "DJANGO_SETTINGS_MODULE" not in os.environ:
        os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
        from django.conf import settings

        assert settings.DATABASES
        _setup_django(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> None:
    if file_path.suffix == ".py" and _needs_django(file_path):
        start_django(parent.config)


def pytest_itemcollected(item: pytest.Item) -> None:
    if item.path.is_relative_to(PROJECT / "tests") and _needs_django(item.path):
        item.add_marker("databases")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is about the other database; and, on the second one, what would be the same there."""
    asked = config.getoption("--database")
    other = [
        item
        for item in items
        if ((mark := item.get_closest_marker("only")) and asked not in mark.args)
        or (asked == "postgresql" and item.get_closest_marker("databases") and not _meets_a_database(item))
    ]
    if other:
        config.hook.pytest_deselected(items=other)
        items[:] = [item for item in items if item not in set(other)]


def _meets_a_database(item: pytest.Item) -> bool:
    """Say whether a test can come out otherwise on another database: it asks for one, or its folder is about databases.

    What asks for none cannot reach one: pytest-django keeps it closed. Other processes reach it by `fresh_database` alone.
    """
    if item.path.relative_to(PROJECT / "tests").parts[0] in ABOUT_DATABASES:
        return True
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(fixtures & DATABASE_FIXTURES)


@pytest.fixture(scope="session")
def database_vendor(request: pytest.FixtureRequest) -> str:
    """Which database the tests run on: "sqlite" or "postgresql"."""
    return str(request.config.getoption("--database"))


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Make this process's own databases, migrated, and keep a copy of each for `fresh_database`.

    In place of pytest-django's: SQLite must be a file here (the write lock lies beside it), and the copy must be made
    before any test has written.
    """
    from django.conf import settings
    from django.test.utils import setup_databases, teardown_databases

    start_django(request.config)
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    with django_db_blocker.unblock():
        for alias, database in settings.DATABASES.items():
            if database["ENGINE"].endswith("postgresql"):
                name = f"test_{alias}_{worker}"
            else:
                name = str(request.config.stash[_data_folder] / f"test_{alias}.sqlite3")
            database.setdefault("TEST", {})["NAME"] = name
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        removed = _make_people()
        for alias in VARIABLES:
            _template(request.config, alias).make()
    yield
    with django_db_blocker.unblock():
        for alias in VARIABLES:
            _template(request.config, alias).remove()
        removed()
        teardown_databases(made, verbosity=0)


def _make_people() -> Callable[[], None]:
    """Make the people register's database with its own tables alone, as an installation does; return what removes it.

    `setup_databases` would have every migration of every application run there too, for a second in which nothing is made.
    """
    from django.core.management import call_command
    from django.db import connections

    connection = connections[PEOPLE]
    before = connection.settings_dict["NAME"]
    name = connection.creation._create_test_db(verbosity=0, autoclobber=True)  # no public door makes it without tables
    connection.close()
    connection.settings_dict["NAME"] = name
    call_command("migrate", PEOPLE, database=PEOPLE, verbosity=0)
    return lambda: connection.creation.destroy_test_db(before, verbosity=0)


@dataclass(frozen=True)
class FreshDatabase:
    """A migrated, empty database that only one test uses, with as many processes as it likes.

    Attributes
    ----------
    vendor
        "sqlite" or "postgresql".
    folder
        The data folder; in it evenhand.sqlite3 and people.sqlite3, if it is SQLite.
    name
        What Django calls NAME.
    environment
        The variables with which a new process reaches it.
    people
        What Django calls the NAME of the people register; "" leaves the connection to it alone.
    both
        Whether the test asked for the people register too. On PostgreSQL there is none where it did not.
    """

    vendor: str
    folder: Path
    name: str
    environment: dict[str, str]
    blocker: Any
    people: str = ""
    both: bool = False

    def start(self, script: str, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        """Start a Python process with Django ready, its standard input and output piped."""
        begin = "import django; django.setup()\n"
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        command = [sys.executable, "-c", begin + script, *arguments]
        return subprocess.Popen(command, env=self.environment, **(piped | options))

    def run(self, script: str, *arguments: str) -> str:
        """Run a Python process with Django ready to its end; return what it printed."""
        process = self.start(script, *arguments)
        said, complaint = process.communicate(timeout=120)
        assert process.returncode == 0, complaint
        return said

    @contextmanager
    def here(self) -> Iterator[None]:
        """Point this process's own connections at it for a while."""
        from django.db import connections

        names = {"default": self.name} | ({PEOPLE: self.people} if self.people else {})
        with self.blocker.unblock():
            before = {alias: connections[alias].settings_dict["NAME"] for alias in names}
            for alias, name in names.items():
                connections[alias].close()
                connections[alias].settings_dict["NAME"] = name
            try:
                yield
            finally:
                for alias, name in before.items():
                    connections[alias].close()
                    connections[alias].settings_dict["NAME"] = name


@pytest.fixture
def fresh_database(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[FreshDatabase]:
    """A migrated database of the test's own, copied in milliseconds."""
    with _fresh(request, django_db_blocker, tmp_path / "evenhand-data", both=False) as made:
        yield made


@pytest.fixture
def fresh_databases(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[FreshDatabase]:
    """The same, with a people register of the test's own beside it."""
    with _fresh(request, django_db_blocker, tmp_path / "evenhand-data", both=True) as made:
        yield made


@contextmanager
def _fresh(request: pytest.FixtureRequest, blocker: Any, folder: Path, *, both: bool) -> Iterator[FreshDatabase]:
    vendor = str(request.config.getoption("--database"))
    templates = {alias: _template(request.config, alias) for alias in VARIABLES}
    folder.mkdir()
    names = {}
    environment = os.environ | {"EVENHAND_DATA": str(folder)}
    for alias, template in templates.items():
        # A file is copied in no time, and commands want it to be there; a database of a server takes a while.
        wanted = both or alias == "default" or vendor == "sqlite"
        names[alias], environment[VARIABLES[alias]] = template.copy(folder) if wanted else template.absent()
    yield FreshDatabase(vendor, folder, names["default"], environment, blocker, names[PEOPLE], both)
    for alias in VARIABLES if both else ["default"]:
        templates[alias].drop(names[alias])


class _SqliteTemplate:
    def __init__(self, folder: Path, alias: str) -> None:
        self.alias = alias
        self.file = folder / f"template_{alias}.sqlite3"

    def make(self) -> None:
        import sqlite3

        from django.db import connections

        with connections[self.alias].cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(self.file)])
        made = sqlite3.connect(self.file)
        made.execute("PRAGMA journal_mode = WAL")
        made.close()

    def copy(self, folder: Path) -> tuple[str, str]:
        return shutil.copy(self.file, str(folder / SQLITE_FILES[self.alias])), ""

    def absent(self) -> tuple[str, str]:
        return "", ""

    def drop(self, name: str) -> None:
        """Leave it to tmp_path."""

    def remove(self) -> None:
        self.file.unlink()


class _PostgresqlTemplate:
    def __init__(self, worker: str, alias: str) -> None:
        self.alias = alias
        self.name = f"template_{alias}_{worker}"
        self.folder = os.environ[SERVER]

    def _execute(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(f"host={self.folder} user=postgres dbname=postgres", autocommit=True) as server:
            server.execute(statement)

    def make(self) -> None:
        from django.db import connections

        connection = connections[self.alias]
        connection.close()  # a database that somebody is connected to cannot be copied
        self._execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{connection.settings_dict["NAME"]}"')

    def copy(self, folder: Path) -> tuple[str, str]:
        name = f"fresh_{self.name}_{next(_numbers)}"
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.name}"')
        return name, url(self.folder, name)

    def absent(self) -> tuple[str, str]:
        """Return the name of a database that is not there, so that nothing reaches another one by mistake."""
        name = f"nobody_asked_for_{self.alias}"
        return name, url(self.folder, name)

    def drop(self, name: str) -> None:
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def remove(self) -> None:
        self._execute(f'DROP DATABASE "{self.name}" WITH (FORCE)')


def _template(config: pytest.Config, alias: str) -> _SqliteTemplate | _PostgresqlTemplate:
    if config.getoption("--database") == "postgresql":
        return _PostgresqlTemplate(getattr(config, "workerinput", {}).get("workerid", "alone"), alias)
    return _SqliteTemplate(config.stash[_data_folder], alias)
