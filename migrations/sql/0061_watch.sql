-- 0061: the watch: who is watched, when a look is due, and who looks (the verifier's own tables).

create table verifier.watch (
    no                integer generated always as identity primary key,
    site_id           text not null unique,            -- verifier.site, or "canary:NAME" for a site of our own that must be found good or bad
    origin            text not null,
    host              text not null,
    platform          text not null default '',        -- sites of one shared platform bear one name
    networks          text[] not null default '{}',
    site_code         text not null default '',
    icp               text not null default '',
    columns           jsonb not null default '[]',
    known_outlinks    text[] not null default '{}',
    known_scripts     text[] not null default '{}',
    former_names      text[] not null default '{}',
    declared          text not null default 'running' check (declared in ('running', 'closed')),
    personas_agreed   boolean not null default false,
    outward_services  boolean not null default true,
    settings          jsonb not null default '{}',
    expected          text[] not null default '{}',    -- of a canary: the rules that must be broken there, and no others
    since             timestamptz not null,
    until             timestamptz                      -- no longer watched from here
);
create index watch_host on verifier.watch (host);

-- One look at a time at a host, whoever looks. "slots" above zero: the address is shared, and its turns are counted in verifier.turn.
create table verifier.watch_turn (
    watch_no   integer primary key references verifier.watch on delete cascade,
    address    text not null default '',
    slots      smallint not null default 0,
    busy_until timestamptz not null default '-infinity'
) with (fillfactor = 50);
create index watch_turn_address on verifier.watch_turn (address) where address <> '';

-- When which round is due where. A row that is taken becomes due again by itself when its lease ends; "fence" stops who comes back late.
create table verifier.lease (
    vantage    text not null,
    round      text not null,
    watch_no   integer not null references verifier.watch on delete cascade,
    due_at     timestamptz not null,
    planned_at timestamptz not null,                    -- when it ought to have been, which due_at is not while it is taken
    fence      bigint not null default 0,
    worker     text not null default '',                -- who holds it; empty: nobody
    failures   smallint not null default 0,             -- looks in a row that brought nothing
    counted_at timestamptz not null default '2000-01-01Z',  -- the last visit that counts by the official rule
    etag       text not null default '',
    modified   text not null default '',
    body       text not null default '',                -- digest of the body of the last look
    primary key (vantage, round, watch_no)
) with (fillfactor = 70);
create index lease_due on verifier.lease (vantage, round, due_at);

-- Turns at shared addresses; lost in a crash, and then nothing is lost but a second of politeness.
create unlogged table verifier.turn (
    address text not null,
    slot    smallint not null,
    until   timestamptz not null,
    primary key (address, slot)
) with (fillfactor = 50);

create table verifier.worker (
    name       text primary key,
    vantage    text not null,
    rounds     text[] not null,
    started_at timestamptz not null,
    seen_at    timestamptz not null,
    looks      bigint not null default 0,
    blind      boolean not null default false            -- its own network is away: what it sees is not counted
);
