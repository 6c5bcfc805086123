-- 0003: decisions that know the data they rest on, lists that two people edit, keys under which similar names are found.

-- ---------------------------------------------------------------- decisions
alter table decision add column data_run bigint;                             -- the last applied import when it was made; null: none, or not noted
alter table decision add column list_version integer not null default 0;     -- the lists that were in force

-- ---------------------------------------------------------------- reserved and prohibited words
-- Besides the words that ship with the product. Every change is proposed by one person and approved by another; each
-- approved change makes the next version, and an entry says from which version to before which one it was in force.
create table list_entry (
    id          bigint generated always as identity primary key,
    class       text not null check (class in ('country', 'organisation', 'registry', 'content', 'place')),
    word        text not null,
    index_label text not null,               -- the word as a comparison key: one entry guards all spellings
    detail      text not null,               -- country: ISO 3166-1 code; content: the class of content; place: GB/T 2260 code
    unlocked_by text not null check (unlocked_by in ('exact-name', 'government', 'reviewer')),
    reason      text not null,
    since       integer not null,
    until       integer check (until > since)
);
create unique index list_entry_in_force on list_entry (class, index_label) where until is null;

create table list_change (
    id          bigint generated always as identity primary key,
    act         text not null check (act in ('add', 'remove')),
    entry_id    bigint references list_entry,    -- what is removed, or what an approved addition made
    class       text not null,
    word        text not null,
    index_label text not null,
    detail      text not null,
    unlocked_by text not null,
    reason      text not null,
    state       text not null default 'proposed' check (state in ('proposed', 'approved', 'withdrawn')),
    proposed_by text not null,
    proposed_at timestamptz not null,
    decided_by  text,
    decided_at  timestamptz,
    version     integer unique,
    seal        text,                            -- SHA-256 over the seal before and this change: the lists, in one word
    constraint list_change_two_people check (state <> 'approved' or decided_by <> proposed_by),
    constraint list_change_decided check ((state = 'proposed') = (decided_by is null) and (decided_by is null) = (decided_at is null)),
    constraint list_change_version check ((state = 'approved') = (version is not null) and (version is null) = (seal is null))
);
create unique index list_change_waiting on list_change (class, index_label) where state = 'proposed';

-- ---------------------------------------------------------------- similar names
-- What begins and ends like a label is found by this index; what sounds or looks like it, by keys that only the program
-- can make. A name that is born waits for its keys in "name_unkeyed".
create index domain_ends on domain (tld_set, (left(index_label, 3) || right(index_label, 2)), length(index_label))
    include (u_label, uscc);
create table name_key (
    key         text not null,
    domain_roid text not null references domain on delete cascade,
    primary key (key, domain_roid)
);
create index name_key_domain on name_key (domain_roid);
create table name_unkeyed (
    domain_roid text primary key
);
insert into name_unkeyed (domain_roid) select roid from domain;
create function name_waits_for_keys() returns trigger language plpgsql as $$
begin
    insert into name_unkeyed (domain_roid) select roid from born;
    return null;
end
$$;
create trigger domain_born after insert on domain referencing new table as born
    for each statement execute function name_waits_for_keys();
