-- 0009: what reviewers decide about the names of a body that changed: proposed by one person, agreed by another, carried out by dated steps.

alter table body_task add column proposal jsonb not null default '{}';          -- what one reviewer would do, name by name
alter table body_task add column proposed_by text not null default '';
alter table body_task add column proposed_at timestamptz;
alter table body_task add column told_day date;                                 -- of the last reminder
alter table body_task add constraint body_task_two_people check (state <> 'settled' or proposed_by = '' or settled_by <> proposed_by);

create table body_task_name (
    task_id  bigint not null references body_task,
    roid     text not null,
    name     text not null,
    choice   text not null check (choice in ('keep', 'follow', 'retire')),
    holder   text not null default '',                 -- of the successor that it follows
    due_at   timestamptz not null,
    done_at  timestamptz,
    outcome  text not null default '',                 -- why it could not be carried out
    primary key (task_id, roid)
);
create index body_task_name_due on body_task_name (due_at) where done_at is null;

-- Names that follow a successor, for whoever keeps something that hangs on the holder (marks).
create view published.succession as
    select n.task_id, n.roid as domain_roid, n.name, t.uscc as before, n.holder, n.done_at as at
    from body_task_name n join body_task t on t.id = n.task_id
    where n.choice = 'follow' and n.done_at is not null and n.outcome = '';
