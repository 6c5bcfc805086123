-- 0025: clocks of applications and of names: reminders that catch up, reviewers who are away, and the yearly look at a name.

alter table application add column reminded_on date;                 -- the last working day on which somebody was reminded of it
create index application_clock on application (created_at) where state = 'submitted' and stage <> 'returned';

create table reviewer_absence (
    username  text primary key references person,
    delegate  text not null references person check (delegate <> username),
    first_day date not null,
    last_day  date not null check (last_day >= first_day),
    set_at    timestamptz not null,
    handed_at timestamptz                                            -- when what lay on his desk went to the delegate's
);

create table name_reminder (
    roid       text not null references domain (roid) on delete cascade,
    expires_at timestamptz not null,                                 -- the end of the year that it speaks of
    days       integer not null,                                     -- how long before
    sent_at    timestamptz not null,
    primary key (roid, expires_at, days)
);

create table name_recheck (
    roid     text not null references domain (roid) on delete cascade,
    year     integer not null check (year > 0),                      -- the how-manieth of the name's life
    asked_at timestamptz not null,
    done_at  timestamptz,
    done_by  text not null default '',
    told_at  timestamptz,                                            -- when the reviewers heard that it is overdue
    primary key (roid, year),
    check ((done_at is null) = (done_by = ''))
);
create index name_recheck_open on name_recheck (asked_at) where done_at is null and told_at is null;
