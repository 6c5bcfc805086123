-- 0019: what holders change of their names in the portal. Whatever could take a live site down waits for a second person.

create table holder_change (
    id         bigint generated always as identity primary key,
    name       text not null,
    roid       text not null,
    uscc       text not null,
    before     jsonb not null,                    -- servers and signers as they were
    after      jsonb not null,                    -- as they shall be
    state      text not null check (state in ('asked', 'done', 'refused', 'undone')),
    asked_by   text not null,
    asked_at   timestamptz not null,
    decided_by text not null default '',
    decided_at timestamptz,
    undone_by  text not null default '',
    undone_at  timestamptz,
    is_guarded boolean not null,
    check (not (is_guarded and state in ('done', 'undone')) or decided_by <> asked_by)   -- four eyes, also when a program errs
);
create index holder_change_name on holder_change (roid, id desc);
create unique index holder_change_once on holder_change (roid) where state = 'asked';
create index holder_change_waiting on holder_change (uscc) where state = 'asked';
