-- 0008: the life of a 事业单位 (设立、变更、注销登记, 年度报告, 公告), and the documents that prove it.

-- ---------------------------------------------------------------- documents
-- What somebody uploaded, by what it belongs to. The content lies sealed beside it; a key never lies in the database.
create table document (
    id           text primary key,
    subject_kind text not null check (subject_kind in ('institution', 'application')),
    subject      text not null,                  -- id of the act or the application
    purpose      text not null,                  -- what it is to prove
    name         text not null check (length(name) between 1 and 120),
    kind         text not null check (kind in ('pdf', 'jpeg', 'png', 'ofd', 'docx')),
    octets       integer not null check (octets > 0),
    sha256       bytea not null check (length(sha256) = 32),
    scan         text not null check (scan in ('not_scanned', 'clean')),
    key_id       text not null,                  -- under which key the content is sealed
    taken_at     timestamptz not null,
    taken_by     text not null,
    removed_at   timestamptz,                    -- taken back before the matter was accepted; the content is gone
    removed_by   text not null default '',
    check ((removed_at is null) = (removed_by = ''))
);
create index document_subject on document (subject_kind, subject, taken_at);
create table document_content (
    document_id text primary key references document,
    sealed      bytea not null                   -- nonce, ciphertext, tag; AES-256-GCM over the id
);
alter table document_content alter column sealed set storage external;   -- what is sealed cannot be compressed

-- ---------------------------------------------------------------- acts
create table institution_act (
    id          text primary key,
    kind        text not null check (kind in ('establish', 'change', 'cancel', 'report')),
    stage       text not null check (stage in ('draft', 'filed', 'returned', 'accepted', 'endorsed', 'objected', 'registered', 'refused',
                                               'declined', 'withdrawn', 'lapsed')),
    uscc        text not null check (length(uscc) = 18),
    body_name   text not null,
    region      text not null check (region ~ '^\d{6}$'),
    level       text not null check (level in ('central', 'province', 'city', 'county', 'town')),
    year        smallint,                        -- of a report
    fields      jsonb not null,                  -- what is to be registered
    version     integer not null default 1,
    created_at  timestamptz not null,
    created_by  text not null,
    filed_at    timestamptz,                     -- when it came, or came back, whole
    accepted_at timestamptz,
    due_on      date,                            -- last day of the term that runs
    returned_at timestamptz,
    asked       text not null default '',        -- what is to be corrected
    proposed_by text not null default '',
    decided_at  timestamptz,
    decided_by  text not null default '',
    reason      text not null default '',
    outcome     jsonb not null default '{}',
    constraint institution_act_year check ((kind = 'report') = (year is not null)),
    constraint institution_act_filed check (filed_at is not null or stage in ('draft', 'withdrawn')),
    constraint institution_act_returned check ((stage = 'returned') = (returned_at is not null)),
    constraint institution_act_two_people check (stage not in ('registered', 'refused') or proposed_by = '' or decided_by <> proposed_by)
);
-- One matter of a body at a time; its reports beside it, one for each year.
create unique index institution_act_open on institution_act (uscc)
    where kind <> 'report' and stage in ('filed', 'returned', 'accepted', 'endorsed', 'objected');
create unique index institution_act_report on institution_act (uscc, year)
    where kind = 'report' and stage in ('filed', 'returned', 'registered');
create index institution_act_uscc on institution_act (uscc, created_at desc);
create index institution_act_waiting on institution_act (region, due_on)
    where stage in ('filed', 'returned', 'accepted', 'endorsed', 'objected');
create index institution_act_due on institution_act (due_on) where stage in ('filed', 'returned', 'accepted', 'endorsed', 'objected');

create table institution_step (
    id         bigint generated always as identity primary key,
    act_id     text not null references institution_act,
    at         timestamptz not null,
    actor      text not null,
    role       text not null,
    move       text not null,
    from_stage text not null,
    to_stage   text not null,
    reason     text not null default ''
);
create index institution_step_act on institution_step (act_id, id);
create trigger institution_step_kept before update or delete on institution_step for each row execute function audit_is_append_only();

-- ---------------------------------------------------------------- certificates (《事业单位法人证书》)
create sequence institution_certificate_serial;
create table institution_certificate (
    number      text primary key check (number ~ '^\d{14}$'),
    uscc        text not null,
    act_id      text not null references institution_act,
    facts       jsonb not null,                  -- what stands on it
    issued_on   date not null,
    valid_until date not null,
    state       text not null default 'valid' check (state in ('valid', 'replaced', 'surrendered')),
    ended_on    date,
    check ((state = 'valid') = (ended_on is null))
);
create unique index institution_certificate_valid on institution_certificate (uscc) where state = 'valid';
create index institution_certificate_uscc on institution_certificate (uscc, issued_on);
create index institution_certificate_ending on institution_certificate (valid_until) where state = 'valid';

-- ---------------------------------------------------------------- liquidations, and terms that were seen to pass
create table institution_liquidation (
    uscc       text primary key,
    started_on date not null,
    ended_on   date check (ended_on >= started_on),
    due_on     date,                             -- last day to apply for the cancellation
    noted_at   timestamptz not null,
    noted_by   text not null,
    check ((ended_on is null) = (due_on is null))
);
create index institution_liquidation_due on institution_liquidation (due_on) where due_on is not null;

-- A term that passed, or comes near, is told once; what stands here is not told again.
create table institution_alarm (
    kind    text not null,
    subject text not null,                       -- id of an act, USCC, USCC:year
    due_on  date not null,
    seen_at timestamptz not null,
    primary key (kind, subject)
);

-- ---------------------------------------------------------------- public notices (公告)
create table public_notice (
    number       bigint generated always as identity primary key,
    id           text not null unique,
    kind         text not null check (kind in ('established', 'changed', 'cancelled', 'reported')),
    uscc         text not null,
    body_name    text not null,
    region       text not null,
    level        text not null,
    act_id       text not null references institution_act,
    published_at timestamptz not null,
    title_zh     text not null,
    title_en     text not null,
    text_zh      text not null,
    text_en      text not null,
    facts        jsonb not null default '[]'     -- what was registered, line by line
);
create index public_notice_newest on public_notice (published_at desc, number desc);
create index public_notice_region on public_notice (region, number desc);
create index public_notice_uscc on public_notice (uscc, number desc);
create trigger public_notice_kept before update or delete on public_notice for each row execute function audit_is_append_only();

create view published.public_notice as
    select number, id, kind, uscc, body_name, region, level, published_at, title_zh, title_en, text_zh, text_en, facts from public_notice;

-- How an institution stands: its certificate, since when it holds one, and the last year that it reported. What is missing
-- depends on the day, so whoever asks says which (registry/policy/institutions.py).
create view published.institution as
    select b.uscc, b.kind, b.status, b.successor_uscc, b.established_on, b.annual_report_year as reported_year,
           c.number as certificate, c.issued_on, c.valid_until,
           (select min(f.issued_on) from institution_certificate f where f.uscc = b.uscc) as certified_since,
           l.started_on as liquidation_started_on, l.ended_on as liquidation_ended_on, l.due_on as cancellation_due_on
    from body b
    left join institution_certificate c on c.uscc = b.uscc and c.state = 'valid'
    left join institution_liquidation l on l.uscc = b.uscc
    where b.kind = '12';
