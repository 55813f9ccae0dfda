"""The tests' PostgreSQL is a real one, and its role cannot pass row-level security."""

from __future__ import annotations

import psycopg
import pytest

from support.postgres import PostgresServer

pytestmark = pytest.mark.postgres


def test_databases_belong_to_a_role_that_row_security_holds(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.create_database("owned")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE note (organisation int, word text)")
        connection.execute("ALTER TABLE note ENABLE ROW LEVEL SECURITY")
        connection.execute("ALTER TABLE note FORCE ROW LEVEL SECURITY")
        connection.execute(
            "CREATE POLICY own ON note USING (organisation = current_setting('troth.reader')::int)"
        )
        connection.execute("SET troth.reader = 1")
        connection.execute("INSERT INTO note VALUES (1, 'ours')")
        connection.execute("SET troth.reader = 2")
        assert connection.execute("SELECT word FROM note").fetchall() == []
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("INSERT INTO note VALUES (1, 'theirs')")
    assert postgres_server.execute("SELECT word FROM note", database="owned") == [("ours",)]


def test_the_server_listens_to_no_network(postgres_server: PostgresServer) -> None:
    assert postgres_server.execute("SHOW listen_addresses") == [("",)]
