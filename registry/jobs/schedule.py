"""What happens because time passes: one ordered list.

A job is handed a :class:`Runner` and does what is due *now*; it finds that out from the tables, so a run that was missed is
made up by the next one, and a run that happens twice does nothing the second time. What a domain *is* never waits for a job (design, law 4).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from registry.flows.naming.note_keys import note_new_names
from registry.flows.runner import Runner
from registry.jobs.application_clocks import run_application_clocks, run_name_clocks
from registry.jobs.body_task_clocks import run_clocks
from registry.jobs.delivery.deliver_notices import deliver_notices
from registry.jobs.figures_count import run_count
from registry.jobs.institution_terms import watch_institutions
from registry.jobs.lapse_applications import lapse_applications
from registry.jobs.publish_directory import publish_directory
from registry.jobs.refresh_bodies import refresh_bodies
from registry.jobs.refresh_directory import refresh_directory
from registry.jobs.remind_maintenance import remind_maintenance
from registry.jobs.report_certificates import warn_certificates
from registry.jobs.report_commands import keep_command_log
from registry.jobs.report_registrars import report_registrars
from registry.jobs.retire_deleted import retire_deleted
from registry.jobs.settle_due import settle_due
from registry.jobs.tell_watch_alerts import tell_watch_alerts
from registry.jobs.tidy import tidy


@dataclass(frozen=True, slots=True)
class Job:
    """``every_seconds`` is counted from the end of one run to the start of the next."""

    name: str
    every_seconds: float
    run: Callable[[Runner], Awaitable[int]]


JOBS = (
    Job("note-new-names", 2.0, note_new_names),
    Job("tell-watch-alerts", 2.0, tell_watch_alerts),
    Job("deliver-notices", 2.0, deliver_notices),
    Job("settle-due", 60.0, settle_due),
    Job("remind-maintenance", 60.0, remind_maintenance),
    Job("refresh-search", 60.0, refresh_bodies),
    Job("refresh-directory", 5.0, refresh_directory),
    Job("body-task-clocks", 600.0, run_clocks),
    Job("institution-terms", 3600.0, watch_institutions),
    Job("lapse-applications", 600.0, lapse_applications),
    Job("application-clocks", 600.0, run_application_clocks),
    Job("name-clocks", 3600.0, run_name_clocks),
    Job("retire-deleted", 300.0, retire_deleted),
    Job("report-registrars", 900.0, report_registrars),
    Job("warn-certificates", 3600.0, warn_certificates),
    Job("keep-command-log", 3600.0, keep_command_log),
    Job("publish-directory", 600.0, publish_directory),
    Job("count-figures", 3600.0, run_count),
    Job("tidy", 3600.0, tidy),
)
