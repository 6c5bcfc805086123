-- Comparison with the registers of other departments: their file, what was found, what people decided about it.
--
-- A comparison is written in one transaction: all of it is here, or nothing. What was decided outlives it, so that a difference that
-- is still the same is not asked about again.

create table comparison (
    id         bigint generated always as identity primary key,
    department text not null check (department in ('civil', 'market', 'tax', 'statistics', 'quality')),
    area       text not null check (area ~ '^(\d\d|\d{4}|\d{6})?$'),  -- first digits of the regions compared; empty: the country
    source     text not null,
    sha256     bytea not null check (length(sha256) = 32),
    at         timestamptz not null,
    loaded_by  text not null,
    rows       integer not null,
    rejected   integer not null,
    complete   boolean not null                                        -- whether it holds all bodies: else nothing is missing there
);

-- Their file as it was read. "label" is the key of the name, "place" the region, that of the code where none is told.
create table comparison_row (
    comparison           bigint not null references comparison on delete cascade,
    line                 integer not null,
    uscc                 text not null,
    organisation         text not null,                              -- characters 9 to 17 of a USCC, or the code of old
    name                 text not null,
    label                text not null,
    region               text not null,                              -- empty: not told
    place                text not null,
    address              text not null,
    legal_representative text not null,
    phone                text not null,
    authority            text not null,
    status               text not null check (status in ('active', 'suspended', 'ended')),
    established_on       text not null,                              -- 2014-03-01, or 2014-03, or 2014
    primary key (comparison, line)
);

create table comparison_rejection (
    comparison bigint not null references comparison on delete cascade,
    line       integer not null,
    code       text not null,
    problems   jsonb not null
);
create index comparison_rejection_line on comparison_rejection (comparison, line);

create table comparison_finding (
    id          bigint generated always as identity primary key,
    comparison  bigint not null references comparison on delete cascade,
    kind        text not null check (kind in ('same', 'different', 'here', 'there', 'ambiguous')),
    line        integer,                                             -- null: only here
    uscc        text not null default '',                            -- empty: only there, or more than one may be meant
    how         text not null default '' check (how in ('', 'uscc', 'organisation', 'linked', 'name', 'similar')),
    region      text not null,
    level       text not null,
    score       real not null default 0,
    parts       jsonb not null default '{}',
    differences jsonb not null default '{}',                         -- field: [ours, theirs]
    kept        text[] not null default '{}',                        -- fields that were decided before and have not changed since
    candidates  jsonb not null default '[]',                         -- [{"uscc", "score", "parts"}], the likeliest first
    state       text not null check (state in ('none', 'open', 'settled', 'postponed')),
    check ((kind = 'here') = (line is null)),
    check (kind not in ('there', 'ambiguous') or uscc = '')
);
create index comparison_finding_page on comparison_finding (comparison, kind, region, id);
create index comparison_finding_line on comparison_finding (comparison, line) where line is not null;
create unique index comparison_finding_uscc on comparison_finding (comparison, uscc) where uscc <> '';

-- How many findings there are, so that no page counts a million rows. "field": of differences; empty: of findings.
create table comparison_count (
    comparison bigint not null references comparison on delete cascade,
    region     text not null,
    level      text not null,
    kind       text not null,
    state      text not null,
    field      text not null default '',
    many       bigint not null,
    primary key (comparison, region, level, kind, state, field)
);

-- What was decided last about a field (empty: about the finding as a whole) of a pair. "there" is their code, or name and place.
create table comparison_settlement (
    department text not null,
    here       text not null,
    there      text not null,
    field      text not null,
    digest     bytea not null check (length(digest) = 32),           -- of the values that were looked at
    verdict    text not null check (verdict in ('ours', 'theirs', 'both', 'linked', 'separate')),
    remark     text not null,
    at         timestamptz not null,
    settled_by text not null,
    finding    bigint not null,
    primary key (department, here, there, field)
);
create index comparison_settlement_there on comparison_settlement (department, there) where verdict = 'linked';

-- Work for the data centre that owns a body: another register is right where ours is not.
create table correction_task (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    opened_by  text not null,
    department text not null,
    comparison bigint not null,
    finding    bigint not null,
    kind       text not null check (kind in ('correct', 'add', 'end')),
    centre     text not null references data_centre,
    region     text not null,
    level      text not null,
    uscc       text not null,                                        -- for "add": what their file says, perhaps nothing
    name       text not null,
    asked      jsonb not null,                                       -- field: [ours, theirs]
    remark     text not null,
    due_at     timestamptz not null,
    state      text not null default 'open' check (state in ('open', 'applied', 'declined')),
    run        bigint,                                               -- the import that applied it
    settled_at timestamptz,
    settled_by text not null default '',
    reason     text not null default ''
);
create index correction_task_page on correction_task (state, region, id);
create index correction_task_finding on correction_task (finding);
