-- 0042: the red pages: every body that holds a live name, as one row that is found by place, kind, service, name and sound.
-- Derived from the register by the job refresh-directory, which follows the feed; a row whose body holds no name any more keeps standing
-- with gone_at, so that whoever keeps a copy learns of it.

create table directory_entry (
    uscc       text primary key,
    name       text not null,
    kind       text not null,
    region     text not null,
    level      text not null,
    service    text not null,                 -- key of whois' table of services, '' for others
    sound      text not null,                 -- pinyin without tones: qinghuadaxue
    initials   text not null,                 -- first letters: qhdx
    grams      text[] not null,               -- every two characters that stand together in the name
    names      text[] not null,               -- live names as text, the oldest first
    wire       text[] not null,               -- the same as A-labels
    site       text not null default '',      -- address of the site that bears a valid mark
    changed_at timestamptz not null,
    gone_at    timestamptz
);
create index directory_entry_place on directory_entry (region, uscc) where gone_at is null;
create index directory_entry_kind on directory_entry (kind, region, uscc) where gone_at is null;
create index directory_entry_service on directory_entry (service, region, uscc) where gone_at is null;
create index directory_entry_name on directory_entry (name collate "C") where gone_at is null;
create index directory_entry_sound on directory_entry (sound collate "C") where gone_at is null;
create index directory_entry_initials on directory_entry (initials collate "C") where gone_at is null;
create index directory_entry_changed on directory_entry (changed_at);
create index directory_entry_grams on directory_entry using gin (grams) with (fastupdate = off) where gone_at is null;
create index directory_entry_wire on directory_entry using gin (wire) with (fastupdate = off);

create table directory_count (                -- live rows by province, kind and service, kept with the rows
    province text not null,
    kind     text not null,
    service  text not null,
    bodies   bigint not null,
    primary key (province, kind, service)
);

create table directory_state (                -- one row: where in the feed the job is
    single boolean primary key default true check (single),
    cursor text not null,
    at     timestamptz not null
);

create view published.directory as
    select uscc, name, kind, region, level, service, sound, initials, grams, names, wire, site, changed_at, gone_at from directory_entry;

create view published.directory_count as
    select province, kind, service, bodies from directory_count;

-- What happened to a name, without who did it and what it said: the line of time on its page.
create view published.domain_event as
    select subject as roid, act, at, id from history where object = 'domain';

create index bundle_name_unicode on bundle_name (unicode text_pattern_ops);
