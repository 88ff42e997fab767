"""tool.sql: queries over a granted database, reading only"""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nodes.contract import NodeError, ToolResult
from nodes.tools.sql import make_sql, sql
from tests.fakes import FakeServices, call_tool


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    path = tmp_path / "my shop?#.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("""
            create table fruit (id integer primary key, name text, price real, photo blob);
            create table "odd ""name" (x);
            create view cheap as select name from fruit where price < 2;
            insert into fruit values (1, 'apple', 1.5, x'00ff'), (2, 'pear', 2.5, null), (3, 'fig', 3, null);
            insert into fruit (name, price) select 'fruit', 9 from fruit, fruit as b;
        """)
    return path


def ask(
    path: Path, text: str = "", action: str = "query", config: dict[str, Any] | None = None, **more: str
) -> ToolResult:
    services = FakeServices(databases={"shop": path})
    return call_tool(sql, {"action": action, "sql": text, **more}, services, database="shop", **(config or {}))


def test_a_query_gives_a_table(shop: Path):
    """Columns and rows come back as text and as data; blobs as their size."""
    result = ask(shop, "/* all */ -- of it\n select name, price, photo from fruit where id < 3 order by id")
    assert result.text == "name | price | photo\napple | 1.5 | 2 bytes\npear | 2.5 | None"
    assert result.data["rows"] == [["apple", 1.5, "2 bytes"], ["pear", 2.5, None]]


def test_tables_samples_and_checks(shop: Path):
    """The model sees the tables in the description, a few rows of one, and whether its SQL is right."""
    tool = make_sql(sql.config.model_validate({"database": "shop"}), FakeServices(databases={"shop": shop}))
    listed = 'cheap(name)\nfruit(id, name, price, photo)\nodd "name(x)'
    assert tool.description.endswith(listed)
    assert ask(shop, action="tables").text == listed
    sample = ask(shop, action="sample", table="fruit")
    assert len(sample.data["rows"]) == 3 and "only the first 3 rows" in sample.text
    assert ask(shop, action="sample", table='odd "name').text == "x"
    assert "there is no table 'x; drop'; there is fruit" in ask(shop, action="sample", table="x; drop").text
    assert ask(shop, "select * from fruit where id = 1", "check").text.startswith("It can be run.\nSEARCH fruit")
    wrong = ask(shop, "select nme from fruit", "check")
    assert wrong.failed and "no such column: nme" in wrong.text


@pytest.mark.parametrize(
    "text",
    [
        "delete from fruit", "insert into fruit (name) values ('x')", "update fruit set price = 0", "drop table fruit",
        "create table t (x)", "create temp table t (x)", "alter table fruit add column x", "vacuum", "reindex",
        "pragma writable_schema = 1", "pragma table_info(fruit)", "attach ':memory:' as m", "begin",
        "select load_extension('x')", "select readfile('/etc/passwd')", "select zeroblob(1000000000)",
        "select * from pragma_database_list", "select 1; delete from fruit", "with t as (select 1) delete from fruit",
        "vacuum into '/tmp/stolen.db'", "explain delete from fruit",
    ],
)  # fmt: skip
def test_only_reading(shop: Path, text: str):
    """Whatever is not reading is refused, and the database is as it was."""
    before = shop.read_bytes()
    for action in ("query", "check"):
        result = ask(shop, text, action)
        assert result.failed, result.text
    assert shop.read_bytes() == before
    assert [each.name for each in shop.parent.iterdir()] == [shop.name]


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) "


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (ENDLESS + "select sum(i) from n", "took longer than 0.3 s"),
        ("select count(*) from fruit a, fruit b, fruit c, fruit d, fruit e, fruit f, fruit g, fruit h", "took longer"),
        ("select replace(hex(replace(printf('%4000000d', 1), ' ', 'aaaaaa')), '0', 'bbbbbbbbbb')", "too big"),
        ("select " + "(" * 500 + "1" + ")" * 500, "Error"),
        ("select 1" + " union select 1" * 30, "Error"),
        ("", "Only reading is allowed"),
        ("not sql", "not 'not sql'"),
        ("-- look\n/* at */ selec", "Only reading"),
        ("select from where", "syntax error"),
    ],
)
def test_hostile_queries_end(shop: Path, text: str, what: str):
    """Endless recursion, joins of everything and giant values end in their limit."""
    started = time.monotonic()
    result = ask(shop, text, config={"seconds": 0.3})
    assert result.failed and what in result.text
    assert time.monotonic() - started < 5


def test_rows_and_text_are_bounded(shop: Path):
    """An endless answer is cut after the rows the settings allow, and says so."""
    result = ask(shop, ENDLESS + "select i from n", config={"max_rows": 5})
    assert result.data == {"columns": ["i"], "rows": [[1], [2], [3], [4], [5]], "more": True}
    assert result.text.endswith("(only the first 5 rows)")
    long = ask(shop, "select printf('%1000d', 1) as x", config={"max_characters": 100})
    assert len(long.text) < 200 and len(long.data["rows"][0][0]) == 100


def test_a_database_is_needed(tmp_path: Path):
    """No database chosen, none granted, and a file that is none are told apart."""
    with pytest.raises(NodeError, match="SQL has no database"):
        call_tool(sql, {})
    with pytest.raises(NodeError, match="No database is granted as 'shop'"):
        call_tool(sql, {}, database="shop")
    (tmp_path / "text.db").write_text("this is no database" * 100)
    with pytest.raises(NodeError, match="The database 'shop' cannot be read: file is not a database"):
        ask(tmp_path / "text.db")
    with pytest.raises(NodeError, match="unable to open database file"):
        ask(tmp_path / "none.db")
    assert not (tmp_path / "none.db").exists()
