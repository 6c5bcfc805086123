-- 0033: what the zones are asked, by the hour. No address of a client is kept; of names only the part that the register knows.

create table resolver.query_hour (
    hour   timestamptz not null,
    zone   text not null,                           -- an A-label; empty for questions about what is none of ours
    kind   text not null check (kind in ('type', 'rcode', 'transport', 'size', 'outcome', 'name', 'missing')),
    key    text not null,
    number bigint not null check (number >= 0),
    primary key (hour, zone, kind, key)
);

create view published.query_hour as
    select hour, zone, kind, key, number from resolver.query_hour;
