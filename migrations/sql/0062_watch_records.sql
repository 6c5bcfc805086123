-- 0062: what the watch saw: visits, hours and days in partitions, facts when they change, bodies by digest, incidents, proof.

-- Visits that count by the official rule, ten minutes apart; the raw data of the weekly figure.
create table verifier.visit (
    day      date not null,                             -- in Beijing
    watch_no integer not null,
    vantage  text not null,
    at       timestamptz not null,
    opened   boolean not null,
    blocked  boolean not null,
    ms       integer not null,
    why      text not null default '',
    primary key (day, watch_no, vantage, at)
) partition by range (day);

create table verifier.hour (
    hour     timestamptz not null,
    watch_no integer not null,
    vantage  text not null,
    visits   integer not null,
    failed   integer not null,
    blocked  integer not null,
    ms_sum   bigint not null,
    ms_max   integer not null,
    primary key (hour, watch_no, vantage)
) partition by range (hour);

create table verifier.day (
    day      date not null,
    watch_no integer not null,
    visits   integer not null default 0,
    failed   integer not null default 0,
    blocked  integer not null default 0,
    ms_sum   bigint not null default 0,
    ms_max   integer not null default 0,
    score    smallint,                                  -- tenths of a point; null: not judged that day
    vetoes   text[] not null default '{}',
    primary key (day, watch_no)
) partition by range (day);

-- The partition of a day (UTC) or of a year, made when it is missing; two that make it at once wait for each other.
create function verifier.make_part(parent text, day date) returns void language plpgsql as $$
declare
    yearly boolean := parent = 'day';
    low    date := case when yearly then date_trunc('year', day)::date else day end;
    high   date := case when yearly then (low + interval '1 year')::date else day + 1 end;
    part   text := parent || '_' || to_char(low, case when yearly then 'YYYY' else 'YYYYMMDD' end);
begin
    if to_regclass('verifier.' || part) is null then
        perform pg_advisory_xact_lock(hashtextextended('verifier.' || parent, 0));
        if parent = 'hour' then
            execute format('create table if not exists verifier.%I partition of verifier.hour for values from (%L) to (%L)', part,
                           low::timestamp at time zone 'UTC', high::timestamp at time zone 'UTC');
        else
            execute format('create table if not exists verifier.%I partition of verifier.%I for values from (%L) to (%L)', part, parent, low, high);
        end if;
    end if;
end
$$;

-- The facts of every check as they are now at each place, and as they were before they changed.
create table verifier.fact (
    watch_no    integer not null references verifier.watch on delete cascade,
    check_id    text not null,
    vantage     text not null,
    at          timestamptz not null,                    -- the last look
    changed_at  timestamptz not null,
    outcome     text not null check (outcome in ('ran', 'blocked', 'not_run')),
    target      text not null,
    facts       jsonb not null,
    evidence    jsonb not null,
    digest      text not null,
    primary key (watch_no, check_id, vantage)
);
create table verifier.fact_past (
    watch_no   integer not null references verifier.watch on delete cascade,
    check_id   text not null,
    vantage    text not null,
    from_at    timestamptz not null,
    until_at   timestamptz not null,
    outcome    text not null,
    target     text not null,
    facts      jsonb not null,
    evidence   jsonb not null,
    primary key (watch_no, check_id, vantage, from_at)
);
create index fact_past_until on verifier.fact_past (until_at);

-- What the watch has learned about a site, and how it is judged today.
create table verifier.judged (
    watch_no  integer primary key references verifier.watch on delete cascade,
    at        timestamptz not null,
    identity  text not null default 'unknown',
    integrity text not null default 'unknown',
    score     smallint,
    vetoes    text[] not null default '{}',
    findings  jsonb not null default '[]',
    card      jsonb not null default '{}',
    known     jsonb not null default '{}'
);
create index judged_score on verifier.judged (score);

create table verifier.incident (
    id           text primary key,
    watch_no     integer not null references verifier.watch on delete cascade,
    rule         text not null,
    platform     text not null default '',               -- of an incident of a whole platform; its sites are in "sites"
    sites        integer[] not null default '{}',
    severity     text not null check (severity in ('P1', 'P2', 'P3', 'P4')),
    side         text not null,
    state        text not null check (state in ('suspected', 'confirmed', 'acknowledged', 'dismissed', 'closed')),
    opened_at    timestamptz not null,
    confirmed_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text not null default '',
    closed_at    timestamptz,
    reports      jsonb not null default '[]',            -- [place, instant, found] of the last looks
    note         text not null default '',               -- what a person wrote who dismissed or closed it
    finding      jsonb not null,
    before       text not null default '',               -- digests of the bodies that show the change
    after        text not null default '',
    mark_act     text not null default '' check (mark_act in ('', 'suspended', 'held', 'resumed')),
    mark_act_at  timestamptz,
    told         smallint not null default 0             -- steps of escalation that were taken
);
create unique index incident_open on verifier.incident (watch_no, rule) where state in ('suspected', 'confirmed', 'acknowledged');
create index incident_opened on verifier.incident (opened_at);

-- Bodies on disk, by SHA-256. "kept_until" null: for ever, because an incident rests on it.
create table verifier.body (
    digest     text primary key,
    media      text not null,
    size       integer not null,
    stored     integer not null,
    first_at   timestamptz not null,
    seen_at    timestamptz not null,
    kept_until timestamptz
);
create index body_kept on verifier.body (kept_until) where kept_until is not null;

-- Evidence bundles: one a confirmed incident, and later ones when it goes on. "digest" is that of the manifest, which is a body.
create table verifier.bundle (
    id       text primary key,
    incident text not null references verifier.incident on delete cascade,
    at       timestamptz not null,
    digest   text not null
);
create index bundle_at on verifier.bundle (at);

-- One digest a day over its bundles (RFC 6962, section 2.1), for the public log.
create table verifier.evidence_day (
    day     date primary key,                            -- UTC
    bundles integer not null,
    root    text not null
);
