"""The one list of commands, in the order in which ``zhengming --help`` shows them."""

from registry.cli import audit, backup, db, doctor, establishment, idn, mark, name, registrar, serve, up, zone
from registry.cli.command import Command

COMMANDS: tuple[Command, ...] = (
    up.COMMAND,
    serve.COMMAND,
    name.COMMAND,
    establishment.IMPORT,
    establishment.GENERATE,
    registrar.REGISTRAR,
    registrar.CERTIFICATE,
    registrar.API_CLIENT,
    mark.ISSUE,
    zone.EXPORT,
    idn.COMPILE,
    idn.DIFF,
    audit.COMMAND,
    db.COMMAND,
    backup.BACKUP,
    backup.RESTORE,
    doctor.COMMAND,
)
