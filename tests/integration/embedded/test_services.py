from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg
import redis

if TYPE_CHECKING:
    from tests.support import Services


def test_the_suite_has_a_real_postgresql(services: Services) -> None:
    with psycopg.connect(services.database_url) as connection:
        row = connection.execute("SELECT current_user, current_setting('is_superuser'), lower('ÄÖ')").fetchone()
    assert row == ("mission_control", "off", "äö")


def test_the_suite_has_a_real_valkey(services: Services) -> None:
    with redis.Redis.from_url(services.redis_url) as client:
        assert client.ping()


def test_a_test_can_have_a_database_of_its_own(services: Services) -> None:
    url = services.create_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE mine (id int)")
    copy = services.create_database(template=url.rpartition("/")[2])
    with psycopg.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM mine").fetchone() == (0,)
    services.drop_database(copy)
    services.drop_database(url)
