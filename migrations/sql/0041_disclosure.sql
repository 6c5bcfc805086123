-- 0041: hidden registration data shown to those who are entitled to it: to whom, on what ground, by whom. A row is never changed.

create table disclosure (
    id        bigint generated always as identity primary key,
    at        timestamptz not null,
    name      text not null,
    roid      text not null,
    viewer    text not null check (viewer in ('holder', 'authority')),
    authority text not null default '',               -- the public authority that asked
    ground    text not null default '',               -- the provision and the case
    document  text not null default '',               -- number of its letter
    by_person text not null,
    contacts  text[] not null,                        -- ROIDs of what was shown
    check (viewer = 'holder' or (authority <> '' and ground <> '' and document <> ''))
);
create index disclosure_roid on disclosure (roid, id desc);
create trigger disclosure_kept before update or delete on disclosure for each row execute function audit_is_append_only();
