"""Queries a SQLite database the user granted, reading only.

Attach it where answers stand in tables. The model is told the tables and their columns; it can look at a few
rows, have a query checked without running it, and run it. The connection is read-only and an authorizer lets
nothing through but reading; time, rows and sizes are bounded.

Source: Gu et al. 2024, Middleware for LLMs: Tools Are Instrumental for Language Agents in Complex Environments
(https://arxiv.org/abs/2402.14672): tools to list, sample, check and query. We deviate: one tool with four
actions, which costs a small model less to read than four tools.
"""

import asyncio
import re
import sqlite3
import time
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, Field

from nodes.contract import NodeError, NodeSpec, Services, Tool, ToolResult
from nodes.snippet_text import clipped
from nodes.tools.tool import ToolConfig, built, failure

DESCRIPTION: Final = """Query the SQLite database {database!r}, reading only. action: query (run SQL), check (is this
SQL right?), sample (first rows of a table), tables (all tables with columns). Tables:
{tables}"""
MAX_TABLES: Final = 1_500  # characters of the description
SAMPLE: Final = 3  # rows
READING: Final = frozenset({
    sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE,
})  # fmt: skip
FORBIDDEN: Final = frozenset(
    {"load_extension", "readfile", "writefile", "edit", "fts3_tokenizer", "zeroblob", "randomblob"}
)
LIMITS: Final = {
    sqlite3.SQLITE_LIMIT_LENGTH: 4 * 2**20,  # bytes of a text or a row: bounds what one expression can blow up to
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 20_000, sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20, sqlite3.SQLITE_LIMIT_ATTACHED: 0, sqlite3.SQLITE_LIMIT_COLUMN: 500,
}  # fmt: skip
_READS: Final = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:select|with|values)\b", re.IGNORECASE | re.DOTALL)
STEPS: Final = 10_000  # instructions of SQLite between two looks at the clock
_TABLES: Final = (
    "select name from sqlite_schema where type in ('table', 'view') and name not like 'sqlite\\_%' escape '\\'"
)


class SqlConfig(ToolConfig):
    """Which database, and how much."""

    database: str = Field(
        default="", title="Database", description="Name of a database granted in Settings.", max_length=64,
        json_schema_extra={"widget": "database"},
    )  # fmt: skip
    max_rows: int = Field(
        default=50, ge=1, le=5_000, title="Rows", description="The most a query returns.",
        json_schema_extra={"unit": "rows"},
    )  # fmt: skip
    seconds: float = Field(
        default=5, gt=0, le=60, title="Time", description="Longest time for one query.", json_schema_extra={"unit": "s"}
    )
    max_characters: int = Field(
        default=4_000, ge=100, le=200_000, title="Longest text", description="The table given back is cut there.",
        json_schema_extra={"unit": "characters", "advanced": True},
    )  # fmt: skip


class SqlArguments(BaseModel):
    """What the model sends."""

    action: Literal["query", "check", "sample", "tables"] = Field(default="query", description="what to do")
    sql: str = Field(default="", description="for query and check: one SELECT", max_length=20_000)
    table: str = Field(default="", description="for sample: its name", max_length=200)


def make_sql(config: Any, services: Services) -> Tool:
    """The tool. Raises NodeError when no database is chosen, granted or readable."""
    if not config.database:
        raise NodeError("SQL has no database", mend="Choose one in its settings; grant one under Settings first.")
    path = services.database(config.database)
    try:
        tables = _tables(path, config.seconds)
    except sqlite3.Error as error:
        raise NodeError(
            f"The database {config.database!r} cannot be read: {error}", mend="Grant a SQLite file under Settings."
        ) from error

    async def work(arguments: SqlArguments) -> ToolResult:
        return await asyncio.to_thread(_done, path, arguments, config)

    said = DESCRIPTION.format(database=config.database, tables=clipped("\n".join(tables) or "none", MAX_TABLES))
    return built(config, "sql", said, SqlArguments, work)


@contextmanager
def reading(path: Path, seconds: float) -> Generator[sqlite3.Connection]:
    """A connection that can do nothing but read, and is interrupted after ``seconds``."""
    deadline = time.monotonic() + seconds
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=seconds)) as connection:
        for limit, value in LIMITS.items():
            connection.setlimit(limit, value)
        connection.set_authorizer(_authorize)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS)
        yield connection


def _authorize(action: int, first: str | None, second: str | None, *rest: str | None) -> int:
    if action not in READING or (action == sqlite3.SQLITE_FUNCTION and str(second).lower() in FORBIDDEN):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


def _done(path: Path, arguments: SqlArguments, config: SqlConfig) -> ToolResult:
    try:
        match arguments.action:
            case "tables":
                return ToolResult("\n".join(_tables(path, config.seconds)) or "There are no tables.")
            case "sample":
                table = _known(path, arguments.table, config)
                return _query(path, f"select * from {table}", SAMPLE, config)  # noqa: S608 - a quoted name
            case "check" | "query" if not _READS.match(arguments.sql):
                return failure(f"Only reading is allowed, by one SELECT, not {arguments.sql[:100]!r}")
            case "check":
                return _checked(path, arguments.sql, config)
            case "query":
                return _query(path, arguments.sql, config.max_rows, config)
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        return failure(_explained(error, config))


def _query(path: Path, sql: str, limit: int, config: SqlConfig) -> ToolResult:
    with reading(path, config.seconds) as connection:
        cursor = connection.execute(sql)
        rows = cursor.fetchmany(limit + 1)
        columns = [each[0] for each in cursor.description or ()]
    kept = [[_cell(value, config) for value in row] for row in rows[:limit]]
    lines = [" | ".join(columns), *(" | ".join(map(str, row)) for row in kept)]
    more = f"\n(only the first {limit} rows)" if len(rows) > limit else ""
    text = clipped("\n".join(lines), config.max_characters) + more if columns else "No rows."
    return ToolResult(text, {"columns": columns, "rows": kept, "more": bool(more)})


def _checked(path: Path, sql: str, config: SqlConfig) -> ToolResult:
    with reading(path, config.seconds) as connection:
        plan = connection.execute(f"explain query plan {sql}").fetchall()
    return ToolResult("It can be run.\n" + "\n".join(str(step[-1]) for step in plan))


def _tables(path: Path, seconds: float) -> list[str]:
    """``name(column, ...)`` of each table and view."""
    with reading(path, seconds) as connection:
        names = [row[0] for row in connection.execute(f"{_TABLES} order by name")]
        return [f"{name}({', '.join(_columns(connection, name))})" for name in names]


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    found = connection.execute(f"select * from {_quoted(table)} limit 0")  # noqa: S608 - a quoted name
    return [each[0] for each in found.description]


def _known(path: Path, table: str, config: SqlConfig) -> str:
    with reading(path, config.seconds) as connection:
        names = [row[0] for row in connection.execute(_TABLES)]
    if table not in names:
        raise ValueError(f"there is no table {table!r}; there is {', '.join(names) or 'none'}")
    return _quoted(table)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _cell(value: Any, config: SqlConfig) -> Any:
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return value[: config.max_characters] if isinstance(value, str) else value


def _explained(error: Exception, config: SqlConfig) -> str:
    text = str(error)
    if "interrupted" in text:
        return f"The query took longer than {config.seconds:g} s and was stopped; ask for less"
    if "not authorized" in text or "prohibited" in text:
        return f"Only reading is allowed, by one SELECT: {text}"
    return f"{type(error).__name__}: {text}"


sql = NodeSpec(
    kind="tool.sql", family="resources", title="SQL", summary="Queries a granted SQLite database, reading only",
    config=SqlConfig, outcomes=(), provides="tool", make_tool=make_sql, icon="database-search", doc=__doc__ or "",
    source="Gu et al. 2024, Middleware for LLMs, https://arxiv.org/abs/2402.14672",
)  # fmt: skip
