-- 0001: the foundation. One statement ends at a line that ends in ";".
-- Conventions: instants are timestamptz, names of the DNS are lower-case A-labels without a final dot,
-- closed lists are text with a check (a new value is an expand step, an enum type would be a lock).

-- ---------------------------------------------------------------- the change feed
-- A reader's cursor is a PostgreSQL snapshot, so a row that commits late is seen late, never skipped (registry/kernel/feed.py).
create table change (
    seq     bigint generated always as identity primary key,
    txid    xid8 not null default pg_current_xact_id(),
    at      timestamptz not null,
    kind    text not null check (kind ~ '^[a-z]+(\.[a-z_]+)+$'),
    subject text not null,
    detail  jsonb not null default '{}'
);
create index change_txid on change (txid);

-- ---------------------------------------------------------------- the audit chain
-- An entry is written by the act's own transaction; the sequencer gives it a position and a hash within a second.
create table audit_entry (
    id       bigint generated always as identity primary key,
    at       timestamptz not null,
    actor    text not null,
    act      text not null,
    subject  text not null,
    trid     text not null,
    detail   text not null,               -- canonical JSON, hashed as it stands
    position bigint unique,               -- 1, 2, 3 … in commit order; null until sealed
    previous bytea check (length(previous) = 32),
    hash     bytea check (length(hash) = 32),
    check ((position is null) = (hash is null) and (position is null) = (previous is null))
);
create index audit_unsealed on audit_entry (id) where position is null;
create index audit_subject on audit_entry (subject, id);

-- A sealed entry is never changed and no entry is ever removed: the database itself says no, before the chain would show it.
create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit entries are append-only' using errcode = 'restrict_violation';
end
$$;
create trigger audit_sealed before update on audit_entry for each row when (old.position is not null)
    execute function audit_is_append_only();
create trigger audit_kept before delete on audit_entry for each row execute function audit_is_append_only();
create trigger audit_not_emptied before truncate on audit_entry execute function audit_is_append_only();

-- The head says how long the chain is, so that cutting its end off is seen too.
create table audit_head (
    one      boolean primary key default true check (one),
    position bigint not null,
    hash     bytea not null check (length(hash) = 32)
);
insert into audit_head (position, hash) values (0, decode(repeat('00', 32), 'hex'));

-- ---------------------------------------------------------------- zones and registrars
create table tld (
    name             text primary key check (name = lower(name)),
    unicode          text not null,
    tld_set          text not null,        -- TLDs whose names exclude each other (variant TLDs); idn.md 3.5
    table_id         text not null,        -- which registration table judges its labels
    verification     text not null default 'required' check (verification in ('required', 'grace', 'none')),
    idn_only         boolean not null default true,
    contact_model    text not null default 'maximum' check (contact_model in ('minimum', 'maximum')),
    default_years    smallint not null default 1 check (default_years between 1 and 10),
    add_grace        interval not null default '5 days',
    renew_grace      interval not null default '5 days',
    auto_renew_grace interval not null default '45 days',
    transfer_grace   interval not null default '5 days',
    transfer_pending interval not null default '5 days',
    redemption       interval not null default '30 days',
    pending_delete   interval not null default '5 days',
    created_at       timestamptz not null
);

insert into tld (name, unicode, tld_set, table_id, created_at) values
    ('xn--zfr164b', '政务', 'xn--zfr164b', 'zh-2022-05-31-93149ffa', now()),
    ('xn--55qw42g', '公益', 'xn--55qw42g', 'zh-2022-05-31-93149ffa', now());

create table registrar (
    id            text primary key check (length(id) between 3 and 16),
    name          text not null,
    iana_id       integer unique check (iana_id > 0),
    status        text not null default 'active' check (status in ('pending', 'active', 'suspended', 'terminated')),
    password_hash text not null,
    email         text not null default '',
    phone         text not null default '',
    url           text not null default '',
    address       text not null default '',
    created_at    timestamptz not null
);

-- A client certificate is bound to its registrar by its key, so a renewed certificate over the same key goes on working.
create table registrar_certificate (
    registrar_id text not null references registrar,
    spki_sha256  bytea not null check (length(spki_sha256) = 32),
    subject      text not null,
    not_after    timestamptz not null,
    added_at     timestamptz not null,
    revoked_at   timestamptz,
    primary key (registrar_id, spki_sha256)
);

create table api_client (
    client_id    text primary key,
    registrar_id text not null references registrar,
    secret_hash  text not null,
    created_at   timestamptz not null,
    revoked_at   timestamptz
);

-- People who sign in to the portal.
create table person (
    username      text primary key,
    role          text not null check (role in ('agency', 'reviewer-county', 'reviewer-city', 'reviewer-province', 'reviewer-central',
                                                'operator', 'security-officer', 'auditor')),
    region        text not null default '',
    uscc          text not null default '',
    name          text not null,
    password_hash text not null,
    totp_secret   text not null,
    created_at    timestamptz not null,
    disabled_at   timestamptz
);

-- ---------------------------------------------------------------- the establishment database (机构编制名录库)
create table body (
    uscc                 text primary key check (length(uscc) = 18),
    name                 text not null,
    kind                 text not null check (length(kind) = 2),
    administrative       boolean not null default false,
    region               text not null check (region ~ '^\d{6}$'),
    level                text not null check (level in ('central', 'province', 'city', 'county', 'town')),
    sponsor_uscc         text not null default '',
    authority            text not null default '',
    address              text not null default '',
    legal_representative text not null default '',
    phone                text not null default '',
    status               text not null check (status in ('normal', 'renamed', 'merged', 'split', 'abolished', 'cancelled', 'suspended')),
    established_on       date,
    valid_until          date,
    annual_report_year   smallint,
    successor_uscc       text not null default '',
    changed_at           timestamptz,
    digest               bytea not null,       -- of the imported row: an unchanged row is not written again
    imported_at          timestamptz not null
);
create index body_successor on body (successor_uscc) where successor_uscc <> '';
create index body_sponsor on body (sponsor_uscc) where sponsor_uscc <> '';
create index body_region on body (region);

-- Every name of a body, present or past, under its index label: one key for all spellings.
create table body_name (
    uscc        text not null references body on delete cascade deferrable initially immediate,
    role        text not null check (role in ('full', 'short', 'alias', 'former')),
    name        text not null,
    index_label text not null,
    valid_from  date,
    valid_to    date,
    primary key (uscc, role, name)
);
create index body_name_index on body_name (index_label);
create index body_name_prefix on body_name (name text_pattern_ops);

create table import_run (
    id          bigint generated always as identity primary key,
    started_at  timestamptz not null,
    finished_at timestamptz,
    actor       text not null,
    source      text not null,
    sha256      bytea not null,
    mode        text not null check (mode in ('delta', 'snapshot')),
    counts      jsonb not null default '{}'
);

-- ---------------------------------------------------------------- contacts, hosts, domains (RFC 5731 to 5733)
create sequence roid_number;

create table contact (
    roid           text primary key,
    id             text not null unique check (length(id) between 3 and 16),
    registrar_id   text not null references registrar,
    postal         jsonb not null,             -- {"int": {...}, "loc": {...}}
    voice          text not null default '',
    voice_ext      text not null default '',
    fax            text not null default '',
    fax_ext        text not null default '',
    email          text not null,
    disclose       jsonb,
    statuses       text[] not null default '{}',
    auth_hash      text not null default '',
    created_at     timestamptz not null,
    created_by     text not null,
    updated_at     timestamptz,
    updated_by     text not null default '',
    transferred_at timestamptz
);

create table host (
    roid           text primary key,
    name           text not null unique check (name = lower(name)),
    registrar_id   text not null references registrar,
    superordinate  text,                       -- ROID of the domain of ours that it lies under
    addresses      inet[] not null default '{}',
    statuses       text[] not null default '{}',
    created_at     timestamptz not null,
    created_by     text not null,
    updated_at     timestamptz,
    updated_by     text not null default '',
    transferred_at timestamptz
);
create index host_superordinate on host (superordinate) where superordinate is not null;

create table domain (
    roid           text primary key,
    name           text not null unique check (name = lower(name)),
    u_label        text not null,
    tld            text not null references tld,
    tld_set        text not null,
    table_id       text not null,
    index_label    text not null,
    exempt_no      integer not null default 0,   -- > 0 only for pairs that a table change merged (idn.md 7)
    registrar_id   text not null references registrar,
    registrant_id  text references contact (id),
    uscc           text not null default '',     -- the body that holds the name; empty only under a test TLD
    statuses       text[] not null default '{}',
    auth_hash      text not null default '',
    auth_expires_at timestamptz,
    created_at     timestamptz not null,
    created_by     text not null,
    updated_at     timestamptz,
    updated_by     text not null default '',
    expires_at     timestamptz not null,
    transferred_at timestamptz,
    deleted_at     timestamptz,                  -- asked to be deleted: what it is at an instant is computed from this
    graces         jsonb not null default '[]',  -- [{"kind","until","registrar","years"}] of RFC 3915
    transfer       jsonb,                        -- the pending transfer, RFC 5731 section 3.2.4
    verification   jsonb not null default '{}',  -- the codes that were presented at creation
    constraint domain_bundle_unique unique (tld_set, table_id, index_label, exempt_no)
);
create index domain_uscc on domain (uscc) where uscc <> '';
create index domain_registrar on domain (registrar_id);
create index domain_registrant on domain (registrant_id) where registrant_id is not null;
create index domain_expiry on domain (expires_at);
alter table host add foreign key (superordinate) references domain (roid);

-- The members of a bundle that stand in DNS: the registered name and, where they differ, its two pure forms.
create table bundle_name (
    name        text primary key,                -- A-label FQDN
    unicode     text not null,
    domain_roid text not null references domain on delete cascade,
    role        text not null check (role in ('registered', 'simplified', 'traditional'))
);
create index bundle_name_domain on bundle_name (domain_roid);

create table domain_contact (
    domain_roid text not null references domain on delete cascade,
    type        text not null check (type in ('admin', 'tech', 'billing')),
    contact_id  text not null references contact (id),
    primary key (domain_roid, type, contact_id)
);
create index domain_contact_contact on domain_contact (contact_id);

create table domain_host (
    domain_roid text not null references domain on delete cascade,
    host_roid   text not null references host,
    primary key (domain_roid, host_roid)
);
create index domain_host_host on domain_host (host_roid);

create table domain_ds (
    domain_roid text not null references domain on delete cascade,
    key_tag     integer not null check (key_tag between 0 and 65535),
    algorithm   smallint not null,
    digest_type smallint not null,
    digest      bytea not null,
    primary key (domain_roid, key_tag, algorithm, digest_type, digest)
);

-- A name that was once official is never released to strangers (design, law 9).
create table retired_name (
    tld_set     text not null,
    table_id    text not null,
    index_label text not null,
    unicode     text not null,
    uscc        text not null,
    retired_at  timestamptz not null,
    reason      text not null,
    primary key (tld_set, table_id, index_label)
);

-- ---------------------------------------------------------------- memory
create table history (
    id           bigint generated always as identity primary key,
    object       text not null check (object ~ '^[a-z]+$'),
    subject      text not null,                -- ROID or id
    act          text not null,
    actor        text not null,
    trid         text not null,
    client_trid  text not null default '',
    at           timestamptz not null,
    snapshot     jsonb not null
);
create index history_subject on history (subject, id);

create table poll_message (
    id           bigint generated always as identity primary key,
    registrar_id text not null references registrar,
    at           timestamptz not null,
    text_zh      text not null,
    text_en      text not null,
    kind         text not null default 'notice',  -- which resData the door renders from the payload
    payload      jsonb not null default '{}',
    acked_at     timestamptz
);
create index poll_waiting on poll_message (registrar_id, id) where acked_at is null;

-- ---------------------------------------------------------------- proof of identity, decisions, applications
create table verification_code (
    code         text primary key,
    type         text not null check (type in ('registrant', 'domain')),
    uscc         text not null,
    name         text not null,                -- legal name, or the domain name
    registrar_id text not null references registrar,
    issued_at    timestamptz not null,
    expires_at   timestamptz not null,
    signed       text not null,                -- the base64 of the signed XML, as it was handed out
    revoked_at   timestamptz
);
create index verification_uscc on verification_code (uscc);

create table decision (
    id             bigint generated always as identity primary key,
    at             timestamptz not null,
    asked_by       text not null,
    name           text not null,
    uscc           text not null,
    decision       text not null check (decision in ('pass', 'review', 'refuse')),
    policy_version text not null,
    request        jsonb not null,
    answer         jsonb not null
);
create index decision_name on decision (name, id);

create table application (
    id           text primary key,
    kind         text not null check (kind in ('verification', 'domain')),
    state        text not null check (state in ('submitted', 'approved', 'refused', 'withdrawn')),
    name         text not null,
    tld          text not null,
    index_label  text not null default '',
    uscc         text not null,
    region       text not null,
    registrar_id text references registrar,
    decision_id  bigint references decision,
    request      jsonb not null,
    outcome      jsonb not null default '{}',
    created_at   timestamptz not null,
    decided_at   timestamptz,
    decided_by   text not null default ''
);
create index application_waiting on application (tld, index_label) where state = 'submitted';

-- An outcome is remembered per idempotency key, so a repeated REST request is answered, not carried out again.
create table idempotency (
    client_id  text not null,
    key        text not null,
    request    bytea not null,
    status     smallint not null,
    body       text not null,
    at         timestamptz not null,
    primary key (client_id, key)
);

-- ---------------------------------------------------------------- the verifier's own tables
create schema verifier;

create table verifier.site (
    id         text primary key,
    uscc       text not null,
    name       text not null,
    origin     text not null,
    purpose    text not null default '',
    created_at timestamptz not null
);

create table verifier.mark (
    id          text primary key,
    site_id     text not null references verifier.site,
    uscc        text not null,
    look        text not null check (look in ('red', 'blue', 'green')),
    state       text not null check (state in ('valid', 'suspended', 'revoked')),
    status_list integer not null,
    status_slot integer not null,
    issued_at   timestamptz not null,
    changed_at  timestamptz not null,
    reason      text not null default '',
    unique (status_list, status_slot)
);
create index mark_uscc on verifier.mark (uscc);

create table verifier.mark_host (
    mark_id text not null references verifier.mark,
    host    text not null,
    primary key (mark_id, host)
);
create index mark_host_host on verifier.mark_host (host);

create table verifier.report (
    id         text primary key,
    at         timestamptz not null,
    address    text not null,
    host       text not null,
    words      text not null default '',
    contact    text not null default '',
    state      text not null default 'open' check (state in ('open', 'closed'))
);

-- ---------------------------------------------------------------- the resolver's own tables
create schema resolver;

create table resolver.serial (
    zone   text primary key,
    serial bigint not null check (serial between 0 and 4294967295)
);

-- ---------------------------------------------------------------- the window for whois, resolver and verifier
create schema published;

create view published.tld as
    select name, unicode, tld_set, table_id, verification from tld;

create view published.registrar as
    select id, name, iana_id, status, email, phone, url, address, created_at from registrar;

create view published.body as
    select uscc, name, kind, administrative, region, level, authority, address, status, established_on, successor_uscc, phone
    from body;

create view published.body_name as
    select uscc, role, name, index_label, valid_from, valid_to from body_name;

create view published.domain as
    select d.roid, d.name, d.u_label || '.' || t.unicode as unicode, d.tld, d.tld_set, d.table_id, d.index_label, d.registrar_id,
           d.registrant_id, d.uscc, d.statuses, d.created_at, d.updated_at, d.expires_at, d.transferred_at, d.deleted_at,
           d.graces, d.transfer, t.redemption, t.pending_delete, t.auto_renew_grace,
           exists (select from domain_ds s where s.domain_roid = d.roid) as signed,
           exists (select from domain_host h where h.domain_roid = d.roid) as delegated
    from domain d join tld t on t.name = d.tld;

create view published.bundle_name as
    select name, unicode, domain_roid, role from bundle_name;

create view published.domain_contact as
    select domain_roid, type, contact_id from domain_contact;

create view published.contact as
    select id, roid, registrar_id, postal, voice, voice_ext, fax, fax_ext, email, disclose, statuses, created_at, updated_at, transferred_at
    from contact;

create view published.host as
    select roid, name, registrar_id, superordinate, addresses, statuses, created_at, updated_at,
           exists (select from domain_host h where h.host_roid = host.roid) as linked
    from host;

create view published.domain_host as
    select domain_roid, host_roid from domain_host;

create view published.domain_ds as
    select domain_roid, key_tag, algorithm, digest_type, digest from domain_ds;

-- What stands in a zone: one row a bundle member and name server. A name on hold, or without name servers, is not there.
create view published.delegation as
    select b.name as owner, d.tld as zone, d.roid as domain_roid, b.role,
           array(select h.name from domain_host dh join host h on h.roid = dh.host_roid
                 where dh.domain_roid = d.roid order by h.name) as servers,
           array(select row_to_json(s) from (
                 select key_tag, algorithm, digest_type, encode(digest, 'hex') as digest from domain_ds
                 where domain_roid = d.roid and b.role = 'registered'
                 order by key_tag, algorithm, digest_type, digest) s) as ds
    from domain d join bundle_name b on b.domain_roid = d.roid
    where not d.statuses && array['serverHold', 'clientHold', 'pendingCreate']
      and d.deleted_at is null;

create view published.glue as
    select h.name as owner, d.tld as zone, h.addresses, d.roid as domain_roid
    from host h join domain d on d.roid = h.superordinate
    where h.addresses <> '{}';

create view published.site as
    select id, uscc, name, origin from verifier.site;

-- Marks with the hosts they speak for; whether one counts now also depends on its body and its name, which the reader knows.
create view published.mark as
    select m.id, m.uscc, m.look, m.state, m.issued_at, s.name as site, s.origin,
           array(select h.host from verifier.mark_host h where h.mark_id = m.id order by h.host) as hosts
    from verifier.mark m join verifier.site s on s.id = m.site_id;

-- Names that were official once and are kept from strangers for ever.
create view published.retired_name as
    select tld_set, table_id, index_label, unicode, uscc, retired_at from retired_name;
