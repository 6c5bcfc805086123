"""The one list of commands, in the order in which ``zhengming --help`` shows them.

Named, not imported: a service that is started loads its own command and nothing of the others.
"""

COMMANDS: dict[tuple[str, ...], str] = {
    ("up",): "registry.cli.up:COMMAND",
    ("serve",): "registry.cli.serve:COMMAND",
    ("name", "check"): "registry.cli.name:COMMAND",
    ("name", "explain"): "registry.cli.name_explain:COMMAND",
    ("list", "propose"): "registry.cli.lists:PROPOSE",
    ("list", "approve"): "registry.cli.lists:APPROVE",
    ("list", "withdraw"): "registry.cli.lists:WITHDRAW",
    ("list", "show"): "registry.cli.lists:SHOW",
    ("establishment", "import"): "registry.cli.establishment:IMPORT",
    ("establishment", "runs"): "registry.cli.establishment:RUNS",
    ("establishment", "rollback"): "registry.cli.establishment:ROLLBACK",
    ("establishment", "generate"): "registry.cli.establishment:GENERATE",
    ("exchange", "keys"): "registry.cli.exchange:KEYS",
    ("exchange", "trust"): "registry.cli.exchange:TRUST",
    ("exchange", "pack"): "registry.cli.exchange:PACK",
    ("exchange", "inspect"): "registry.cli.exchange:INSPECT",
    ("exchange", "apply"): "registry.cli.exchange:APPLY",
    ("exchange", "status"): "registry.cli.exchange:STATUS",
    ("registrar", "create"): "registry.cli.registrar:REGISTRAR",
    ("registrar", "certificate"): "registry.cli.registrar:CERTIFICATE",
    ("api-client", "create"): "registry.cli.registrar:API_CLIENT",
    ("mark", "issue"): "registry.cli.mark:ISSUE",
    ("zone", "export"): "registry.cli.zone:EXPORT",
    ("idn", "compile"): "registry.cli.idn:COMPILE",
    ("idn", "diff"): "registry.cli.idn:DIFF",
    ("audit", "verify"): "registry.cli.audit:COMMAND",
    ("db", "migrate"): "registry.cli.db:COMMAND",
    ("backup",): "registry.cli.backup:BACKUP",
    ("restore",): "registry.cli.backup:RESTORE",
    ("doctor",): "registry.cli.doctor:COMMAND",
}
