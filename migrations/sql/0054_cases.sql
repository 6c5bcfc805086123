-- 0054: the public side of marks: which bodies an import wrote, marks by registered name, and the cases that copies become.

create view published.body_run as
    select uscc, run from body;

-- What became of a mark, as its page tells it; change rows are swept away after a while, this stays.
create table verifier.mark_event (
    mark_id text not null references verifier.mark,
    number  integer not null,
    at      timestamptz not null,
    kind    text not null,
    reason  text not null default '',
    primary key (mark_id, number)
);
insert into verifier.mark_event select id, 1, issued_at, 'mark.issued', '' from verifier.mark;
insert into verifier.mark_event
    select id, 2, changed_at, case state when 'suspended' then 'mark.suspended' else 'mark.revoked' end, reason
    from verifier.mark where state <> 'valid';

create index mark_host_name on verifier.mark_host (substring(host from '[^.]+[.][^.]+$'));

-- Where a mark was seen that it does not belong to: one row a day, mark and host. No address of any visitor is kept.
create table verifier.sighting (
    day      date not null,
    mark_id  text not null references verifier.mark,
    host     text not null,
    door     text not null check (door in ('badge', 'page')),
    count    integer not null default 1,
    first_at timestamptz not null,
    last_at  timestamptz not null,
    primary key (day, mark_id, host, door)
);

-- A case is about one host, however many people report it, until it is closed.
create table verifier.case_file (
    id          text primary key,
    origin      text not null check (origin in ('report', 'badge', 'page')),
    host        text not null,
    address     text not null,
    mark_id     text references verifier.mark,       -- the mark that was shown, where one was
    uscc        text not null default '',            -- the body that is impersonated
    official    text not null default '',            -- its name, as the verdict told
    verdict     text not null,                       -- what /verify said when the case was opened
    state       text not null check (state in ('open', 'looking', 'confirmed', 'removed', 'unfounded')),
    opened_at   timestamptz not null,
    due_at      timestamptz not null,
    handler     text not null default '',
    answer      text not null default '',            -- what the citizens who track the case read
    answered_at timestamptz,
    closed_at   timestamptz
);
create unique index case_file_live on verifier.case_file (host) where closed_at is null;
create index case_file_due on verifier.case_file (due_at) where answered_at is null;

create table verifier.case_step (
    case_id text not null references verifier.case_file,
    number  integer not null,
    at      timestamptz not null,
    actor   text not null,
    kind    text not null,
    words   text not null default '',
    primary key (case_id, number)
);

create table verifier.case_evidence (
    case_id      text not null references verifier.case_file,
    number       integer not null,
    at           timestamptz not null,
    kind         text not null check (kind in ('picture', 'answer', 'page')),
    name         text not null,
    content_type text not null,
    sha256       bytea not null check (length(sha256) = 32),
    received     bytea check (length(received) = 32),        -- hash of a picture before what it told of its maker was taken out
    content      bytea not null,
    primary key (case_id, number)
);

alter table verifier.report add column case_id text references verifier.case_file;
create index report_case on verifier.report (case_id);
create index report_old on verifier.report (at);
