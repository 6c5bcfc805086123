-- 0034: looking at other people's name servers before and after we lead to them, and at our own as the world sees them.

-- Somebody wants a delegation looked at: as it stands, or as it shall become.
create table delegation_check (
    id       text primary key,
    name     text not null,                         -- the A-label of the name
    servers  jsonb not null,                        -- [{"name", "addresses"}]
    signers  jsonb not null,                        -- ["60485 13 2 AB…"]
    asked_by text not null,
    asked_at timestamptz not null
);
create index delegation_check_name on delegation_check (name, asked_at desc);
create index delegation_check_time on delegation_check (asked_at);

-- What the prober found; its own table, as it writes none of the register.
create table resolver.delegation_result (
    check_id text primary key,
    done_at  timestamptz not null,
    findings jsonb not null                         -- [{"severity", "code", "where", "zh", "en"}]
);

create view published.delegation_check as
    select c.id, c.name, c.servers, c.signers, c.asked_at, r.done_at, r.findings
    from delegation_check c left join resolver.delegation_result r on r.check_id = c.id;

-- Our own public answers: every address of every name server of ours, every transport, when it was last asked.
create table resolver.answer_watch (
    zone       text not null,
    server     text not null,
    address    text not null,
    transport  text not null check (transport in ('udp', 'tcp', 'tls', 'https')),
    checked_at timestamptz not null,
    serial     bigint,                              -- null when there was no answer
    millis     integer,
    findings   jsonb not null,
    faulty_since timestamptz,                       -- null while nothing is found
    primary key (zone, server, address, transport)
);

create view published.answer_watch as
    select zone, server, address, transport, checked_at, serial, millis, findings, faulty_since from resolver.answer_watch;

-- What the zones below ours want at their parent (CDS, CDNSKEY), as all of their servers say it.
create table resolver.child_keys (
    name       text primary key,
    state      text not null check (state in ('wanted', 'refused', 'equal')),
    basis      text not null check (basis in ('chain', 'signal', '')),  -- RFC 7344 section 4.1, RFC 9615; empty when refused
    signers    jsonb not null,                      -- ["60485 13 2 AB…"]; empty: unsigned again (RFC 8078 section 4)
    findings   jsonb not null,
    since      timestamptz not null,                -- of this very wish
    checked_at timestamptz not null
);
create index child_keys_state on resolver.child_keys (state, checked_at);

create view published.child_keys as
    select name, state, basis, signers, findings, since, checked_at from resolver.child_keys;
