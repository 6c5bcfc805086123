-- 0018: accounts of people. Two security officers open, restore and change them; their owner sets password and second factor himself.

create table account_order (
    id         bigint generated always as identity primary key,
    kind       text not null check (kind in ('open', 'restore')),
    username   text not null,
    name       text not null default '',
    role       text not null default '',
    region     text not null default '',
    uscc       text not null default '',
    registrar  text not null default '',
    reason     text not null,
    asked_by   text not null,
    asked_at   timestamptz not null,
    state      text not null default 'asked' check (state in ('asked', 'done', 'refused')),
    decided_by text not null default '',
    decided_at timestamptz,
    check (decided_by <> asked_by)                -- four eyes, also when a program errs
);
create unique index account_order_once on account_order (username) where state = 'asked';
create index account_order_recent on account_order (id desc);

-- The letter that the owner opens once: found by the hash of its token, good for a while, and worth nothing afterwards.
create table account_setup (
    token_hash  bytea primary key check (length(token_hash) = 32),
    username    text not null references person,
    totp_secret text not null,                    -- becomes the account's when the owner has shown that he reads it
    made_at     timestamptz not null,
    ends_at     timestamptz not null,
    used_at     timestamptz
);
create index account_setup_username on account_setup (username);
