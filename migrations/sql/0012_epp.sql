-- 0012: the registrars' protocol, complete. Allocation tokens, TTLs, maintenance, registry lock, statuses with reasons, restore
-- reports, transfers of contacts.

-- ---------------------------------------------------------------- domains, hosts and contacts
alter table domain add column ttls jsonb not null default '{}';                  -- NS, DS → seconds; absent: the zone's own (RFC 9803)
alter table domain add column status_reasons jsonb not null default '{}';        -- server status → why, in the words of who set it
alter table domain add column lock jsonb;                                        -- registry lock: registry/model/lock.py
alter table domain add column restore_requested_at timestamptz;                  -- a report of it is due, or still taken (RFC 3915)
create index domain_unproved on domain ((verification ->> 'due')) where uscc = '' and verification ? 'due';

alter table host add column ttls jsonb not null default '{}';                    -- A, AAAA → seconds
alter table host add column status_reasons jsonb not null default '{}';

alter table contact add column status_reasons jsonb not null default '{}';
alter table contact add column auth_expires_at timestamptz;                      -- null with a secret: from before secrets ended
alter table contact add column transfer jsonb;                                   -- pending transfer, as in domain
create index contact_transfer on contact (id) where transfer is not null;

-- Null: a restore takes effect at once, and its report may follow. A length: until it is over the report has to be there.
alter table tld add column restore_report interval check (restore_report > interval '0');

-- ---------------------------------------------------------------- allocation tokens (RFC 8495)
-- While one is alive, its name goes to nobody who does not show it. Kept as it was issued: RFC 8495 section 3.1.2 hands it to the sponsor.
create table allocation_token (
    id           bigint generated always as identity primary key,
    token        text not null unique check (length(token) between 16 and 128),
    act          text not null check (act in ('create', 'transfer')),
    name         text not null,
    tld_set      text not null,
    table_id     text not null,
    index_label  text not null,
    registrar_id text references registrar,                                      -- null: whichever shows it
    valid_from   timestamptz not null,
    valid_until  timestamptz not null check (valid_until > valid_from),
    issued_at    timestamptz not null,
    issued_by    text not null,
    reason       text not null,
    used_at      timestamptz,
    used_by      text not null default '',                                       -- the registrar
    used_for     text not null default '',                                       -- the ROID
    revoked_at   timestamptz,
    revoked_by   text not null default '',
    check (used_at is null or revoked_at is null)
);
create index allocation_token_unused on allocation_token (index_label, tld_set, table_id) where used_at is null and revoked_at is null;

-- ---------------------------------------------------------------- maintenance (RFC 9167)
create table maintenance (
    id             text primary key check (length(id) between 3 and 64),
    title          text not null,
    systems        jsonb not null check (jsonb_array_length(systems) > 0),       -- [{name, host, impact}]
    environment    text not null check (environment in ('production', 'ote', 'staging', 'dev')),
    starts_at      timestamptz not null,
    ends_at        timestamptz not null check (ends_at > starts_at),
    reason         text not null check (reason in ('planned', 'emergency')),
    detail         text not null default '',                                     -- an address with more
    description_zh text not null,
    description_en text not null,
    tlds           text[] not null default '{}',                                 -- none: all
    reconnect      boolean not null default false,                               -- clients must connect anew afterwards
    reimplement    boolean not null default false,                               -- clients must change their programs
    created_at     timestamptz not null,
    created_by     text not null,
    updated_at     timestamptz,
    cancelled_at   timestamptz,
    reminded_at    timestamptz,
    closed_at      timestamptz                                                   -- its end was told
);
create index maintenance_open on maintenance (starts_at) where closed_at is null and cancelled_at is null;

-- ---------------------------------------------------------------- registry lock
-- Every move of a lock is two people's, except to close an open window early.
create table lock_order (
    id          bigint generated always as identity primary key,
    domain_roid text not null,
    name        text not null,
    move        text not null check (move in ('lock', 'open', 'release')),
    hours       integer check (hours between 1 and 72),                          -- how long the window stands open
    reason      text not null check (reason <> ''),
    about       timestamptz,                                                     -- the lock that it speaks of: its beginning or last change
    proposed_by text not null,
    proposed_at timestamptz not null,
    state       text not null default 'proposed' check (state in ('proposed', 'done', 'withdrawn', 'void')),
    decided_by  text,
    decided_at  timestamptz,
    check ((state = 'proposed') = (decided_at is null)),
    check ((move = 'open') = (hours is not null)),
    constraint lock_order_two_people check (state <> 'done' or decided_by <> proposed_by)
);
create unique index lock_order_waiting on lock_order (domain_roid) where state = 'proposed';

-- ---------------------------------------------------------------- the window
create or replace view published.delegation as
    select b.name as owner,
           d.tld as zone,
           d.roid as domain_roid,
           b.role,
           array(select h.name from domain_host dh join host h on h.roid = dh.host_roid where dh.domain_roid = d.roid order by h.name) as servers,
           array(select row_to_json(s.*)
                 from (select key_tag, algorithm, digest_type, encode(digest, 'hex') as digest from domain_ds
                       where domain_roid = d.roid and b.role = 'registered'
                       order by key_tag, algorithm, digest_type, encode(digest, 'hex')) s) as ds,
           coalesce((d.ttls ->> 'NS')::integer, 0) as ns_ttl,                    -- 0: the zone's own
           coalesce((d.ttls ->> 'DS')::integer, 0) as ds_ttl
    from domain d join bundle_name b on b.domain_roid = d.roid
    where not d.statuses && array['serverHold', 'clientHold', 'pendingCreate']
      and (d.deleted_at is null or d.restore_requested_at is not null);

create or replace view published.glue as
    select h.name as owner, d.tld as zone, h.addresses, d.roid as domain_roid,
           coalesce((h.ttls ->> 'A')::integer, 0) as a_ttl,
           coalesce((h.ttls ->> 'AAAA')::integer, 0) as aaaa_ttl
    from host h join domain d on d.roid = h.superordinate
    where h.addresses <> '{}';

create or replace view published.domain as
    select d.roid, d.name, d.u_label || '.' || t.unicode as unicode, d.tld, d.tld_set, d.table_id, d.index_label, d.registrar_id,
           d.registrant_id, d.uscc, d.statuses, d.created_at, d.updated_at, d.expires_at, d.transferred_at, d.deleted_at, d.graces,
           d.transfer, t.redemption, t.pending_delete, t.auto_renew_grace,
           exists (select from domain_ds s where s.domain_roid = d.roid) as signed,
           exists (select from domain_host h where h.domain_roid = d.roid) as delegated,
           d.lock, d.restore_requested_at, t.restore_report
    from domain d join tld t on t.name = d.tld;
