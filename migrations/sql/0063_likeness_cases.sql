-- 0063: look-alikes: where names come from, what was found, and what became of it.

-- Where each certificate log was read to (RFC 6962).
create table verifier.ct_log (
    url      text primary key,
    next     bigint not null default 0,
    tree     bigint not null default 0,
    root     text not null default '',
    read_at  timestamptz,
    fault    text not null default ''
);

create table verifier.likeness_case (
    id          text primary key,
    host        text not null,                            -- A-form
    official    text not null,                            -- the name it is like, A-form
    kind        text not null,
    source      text not null check (source in ('zone', 'certificates', 'report', 'badge')),
    detail      text not null default '',                 -- serial and log, number of the report, mark whose badge was loaded
    at          timestamptz not null,
    seen_at     timestamptz not null,
    times       integer not null default 1,
    state       text not null default 'found' check (state in ('found', 'quiet', 'suspect', 'confirmed', 'dismissed', 'closed')),
    score       smallint not null default 0,              -- 0 … 100: how much of the original is copied
    reasons     jsonb not null default '[]',
    compared_at timestamptz,
    look_at     timestamptz,                              -- when it is to be compared (again); null: no more
    evidence    jsonb not null default '[]',
    decided_by  text not null default '',
    note        text not null default '',
    unique (host, official)
);
create index likeness_case_due on verifier.likeness_case (look_at) where look_at is not null;
create index likeness_case_state on verifier.likeness_case (state, seen_at desc);

-- Hosts that showed a badge that is not theirs; counted, no visitor is kept.
create table verifier.badge_load (
    mark_id text not null,
    host    text not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    times   bigint not null default 1,
    worked  boolean not null default false,
    primary key (mark_id, host)
);
create index badge_load_new on verifier.badge_load (last_at) where not worked;
