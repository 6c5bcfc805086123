-- 0013: registrars. Accounts with several users, keys and networks that they come from, what each may do and how much, report files,
-- the command log, and the mark of an instance that is for operational testing and evaluation (OT&E).

-- ---------------------------------------------------------------- what an instance is for
-- An OT&E instance has a database of its own; no service of the one kind starts on a database of the other.
create table instance (
    one   boolean primary key default true check (one),
    kind  text not null check (kind in ('production', 'ote')),
    since timestamptz not null
);

-- ---------------------------------------------------------------- accounts
alter table registrar drop constraint registrar_status_check;
alter table registrar add constraint registrar_status_check
    check (status in ('pending', 'active', 'no-create', 'read-only', 'suspended', 'terminated'));
alter table registrar add column status_reason text not null default '';
alter table registrar add column status_at timestamptz;
-- Commands that change something, by right (registry/model/registrar.py); looking is always allowed.
alter table registrar add column rights text[] not null
    default array['create', 'update', 'renew', 'transfer', 'answer', 'delete', 'acknowledge'];
alter table registrar add column rate real check (rate > 0);                     -- commands a second; null: as many as it likes
alter table registrar add column burst integer check (burst > 0);                -- commands at once, with a rate
alter table registrar add column max_sessions integer check (max_sessions > 0);  -- over all processes; null: as configured

-- A user is a login beside the registrar's own, which bears the registrar's id. Objects belong to the registrar, whoever acted.
create table registrar_user (
    id            text primary key check (length(id) between 3 and 16),
    registrar_id  text not null references registrar,
    name          text not null default '',
    password_hash text not null,
    status        text not null default 'active' check (status in ('active', 'suspended', 'ended')),
    status_reason text not null default '',
    rights        text[] not null default array['create', 'update', 'renew', 'transfer', 'answer', 'delete', 'acknowledge'],
    rate          real check (rate > 0),
    burst         integer check (burst > 0),
    max_sessions  integer check (max_sessions > 0),
    created_at    timestamptz not null
);
create index registrar_user_registrar on registrar_user (registrar_id);

-- A login id means one account: neither table takes an id that the other has. The lock makes two inserts at once wait for each other.
create function login_is_one() returns trigger language plpgsql as $$
declare
    taken boolean;
begin
    perform pg_advisory_xact_lock(hashtextextended('login ' || new.id, 0));
    if tg_table_name = 'registrar' then
        select exists (select from registrar_user where id = new.id) into taken;
    else
        select exists (select from registrar where id = new.id) into taken;
    end if;
    if taken then
        raise exception 'the login id % is taken', new.id using errcode = 'unique_violation';
    end if;
    return new;
end
$$;
create trigger registrar_login before insert on registrar for each row execute function login_is_one();
create trigger registrar_user_login before insert on registrar_user for each row execute function login_is_one();

-- ---------------------------------------------------------------- keys and networks
alter table registrar_certificate add column user_id text not null default '';       -- the one login that may use it; empty: all
alter table registrar_certificate add column serial text not null default '';
alter table registrar_certificate add column added_by text not null default '';
alter table registrar_certificate add column revoked_by text not null default '';
alter table registrar_certificate add column revoked_reason text not null default '';
-- A key speaks for one registrar only.
create unique index registrar_certificate_key on registrar_certificate (spki_sha256) where revoked_at is null;

-- Where a registrar (user_id empty) or one of its users may log in from; none at all: from everywhere. IPv4 is never written as IPv6.
create table registrar_network (
    id           bigint generated always as identity primary key,
    registrar_id text not null references registrar,
    user_id      text not null default '',
    network      cidr not null,
    state        text not null check (state in ('proposed', 'leaving', 'active', 'ended')),
    note         text not null default '',
    asked_by     text not null,
    asked_at     timestamptz not null,
    decided_by   text not null default '',
    decided_at   timestamptz
);
create unique index registrar_network_once on registrar_network (registrar_id, user_id, network) where state <> 'ended';

-- ---------------------------------------------------------------- what is shared between processes, and may be lost with a crash
-- Sessions that are open. A row counts while its process is alive ("process_seen"), so a process that died holds no place for long.
create unlogged table registrar_session (
    id           text primary key,
    registrar_id text not null,
    user_id      text not null,
    address      text not null,
    process      text not null,
    began_at     timestamptz not null
);
create index registrar_session_registrar on registrar_session (registrar_id, user_id);
create unlogged table registrar_process (
    process text primary key,
    seen_at timestamptz not null
);
-- Token buckets: processes take slices out of them (registry/epp/allowance.py).
create unlogged table registrar_budget (
    key   text primary key,
    level double precision not null,
    at    timestamptz not null
);

-- ---------------------------------------------------------------- outcomes for machines
create table registrar_webhook (
    registrar_id text primary key references registrar,
    url          text not null check (url ~ '^https?://'),
    secret       bytea not null,                              -- sealed (registry/kernel/sealing.py); signs what is sent
    state        text not null check (state in ('active', 'paused')),
    changed_at   timestamptz not null,
    changed_by   text not null
);

-- ---------------------------------------------------------------- people of registrars in the portal
alter table person drop constraint person_role_check;
alter table person add constraint person_role_check
    check (role in ('agency', 'registrar', 'reviewer-county', 'reviewer-city', 'reviewer-province', 'reviewer-central',
                    'operator', 'security-officer', 'auditor'));
alter table person add column registrar_id text references registrar;
alter table person add constraint person_registrar check ((role = 'registrar') = (registrar_id is not null));

-- ---------------------------------------------------------------- report files
-- Made once for each registrar and period, never changed.
create table registrar_report (
    registrar_id text not null references registrar,
    kind         text not null check (kind in ('transactions-daily', 'transactions-monthly', 'activity-monthly', 'charges-monthly',
                                               'domains-monthly')),
    starts       date not null,                               -- first day of the period, in UTC
    made_at      timestamptz not null,
    lines        integer not null,
    sha256       bytea not null check (length(sha256) = 32),
    content      text not null,                               -- CSV (RFC 4180), header line first
    primary key (registrar_id, kind, starts)
);
create index registrar_report_period on registrar_report (kind, starts);
create index history_at on history using brin (at);           -- a period is found for next to nothing

-- ---------------------------------------------------------------- the command log
-- Every command of the registrars' door, without secrets, by day; written in batches (registry/epp/log.py), dropped by the day.
create sequence command_log_seq;
create table command_log (
    seq          bigint not null default nextval('command_log_seq'),
    at           timestamptz not null,
    registrar_id text not null,
    user_id      text not null,
    actor        text not null,                               -- who really acted: the registrar, or the operator on its behalf
    address      text not null,
    command      text not null,
    kind         text not null,
    objects      text[] not null,
    code         smallint not null,
    reasons      text[] not null,
    ms           real not null,
    trid         text not null,
    client_trid  text not null,
    mode         text not null check (mode in ('', 'dry-run', 'impersonated')),
    request      text not null,                               -- of commands that change something; secrets taken out
    response     text not null
) partition by range (at);
create index command_log_at on command_log (at, seq);
create index command_log_registrar on command_log (registrar_id, at, seq);
create index command_log_trid on command_log (trid);
create index command_log_client_trid on command_log (client_trid) where client_trid <> '';
create index command_log_object on command_log ((objects[1]), at);
create index command_log_objects on command_log using gin (objects) where cardinality(objects) > 1;
create index command_log_login on command_log (registrar_id, at) where command = 'login' and code = 1000;

-- The partition of a day (UTC), made when it is missing; two that make it at once wait for each other.
create function command_log_day(day date) returns void language plpgsql as $$
declare
    part text := 'command_log_' || to_char(day, 'YYYYMMDD');
begin
    if to_regclass('public.' || part) is null then
        perform pg_advisory_xact_lock(hashtextextended('command_log', 0));
        execute format('create table if not exists %I partition of command_log for values from (%L) to (%L)', part,
                       day::timestamp at time zone 'UTC', (day + 1)::timestamp at time zone 'UTC');
    end if;
end
$$;
