-- 0007: data centres that push online: their clients, and the batches that they sent.

-- A client signs in at the machines' door for one data centre (OAuth 2.0 client credentials); the secret is kept as a hash alone.
create table centre_client (
    client_id   text primary key,
    centre      text not null references data_centre,
    scopes      text[] not null check (scopes <@ array['establishment.push', 'establishment.read'] and cardinality(scopes) > 0),
    note        text not null default '',          -- what it is for: the system, the person in charge
    secret_hash text not null,
    created_at  timestamptz not null,
    created_by  text not null,
    revoked_at  timestamptz,
    revoked_by  text not null default ''
);
create index centre_client_centre on centre_client (centre);

-- A batch is written in the transaction of the import that it became. It stays: its key is never good for another request.
create table push_batch (
    number    bigint generated always as identity primary key,
    id        text not null unique,
    client_id text not null references centre_client,
    centre    text not null references data_centre,
    key       text not null check (length(key) between 1 and 128),
    request   bytea not null check (length(request) = 32),   -- SHA-256 of what was sent
    at        timestamptz not null,
    rows      integer not null check (rows > 0),
    run       bigint not null unique references import_run,
    unique (client_id, key)
);
create index push_batch_centre on push_batch (centre, number);
