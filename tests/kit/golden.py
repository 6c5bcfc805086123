"""``make golden``: writes the golden files anew; a reviewer reads them as a diff."""

import asyncio
import tempfile
from pathlib import Path

from registry.kernel.config import load_config
from registry.kernel.pg.archive import schema
from registry.kernel.pg.cluster import Cluster
from registry.kernel.pg.migrate import MIGRATIONS, migrate

GOLDEN_SCHEMA = MIGRATIONS / "schema.golden.sql"


def write_schema() -> None:
    with tempfile.TemporaryDirectory() as folder, Cluster(load_config(data=Path(folder))) as cluster:
        asyncio.run(migrate(cluster.dsn))
        GOLDEN_SCHEMA.write_text(schema(cluster.dsn))


if __name__ == "__main__":
    write_schema()
