-- Notices: what people and registrars are told, and the outbox that carries it beyond the portal.
--
-- A notice is written in the transaction of the act that it tells of. Whoever may read a recipient's inbox reads it there;
-- "delivery" is one try-until-done row for every address that it also goes to.

create table notice (
    id             bigint generated always as identity primary key,
    at             timestamptz not null,
    recipient_kind text not null check (recipient_kind in ('person', 'body', 'reviewers', 'role', 'registrar')),
    recipient      text not null,                  -- username; USCC; level:region ("county:110105"); role; registrar id
    kind           text not null,                  -- "body.renamed", "application.returned"
    severity       text not null default 'news' check (severity in ('news', 'action', 'urgent')),
    subject_zh     text not null,
    subject_en     text not null,
    text_zh        text not null,
    text_en        text not null,
    link           text not null default '',       -- path of the page where something can be done
    payload        jsonb not null default '{}',    -- the same for machines; never a secret
    routed         boolean not null default false,  -- whether its outbox rows are written
    once           text unique                     -- a second notice with this key is not written
);
create index notice_inbox on notice (recipient_kind, recipient, id desc);
create index notice_unrouted on notice (id) where not routed;

create table notice_read (
    username  text not null references person,
    notice_id bigint not null references notice on delete cascade,
    read_at   timestamptz not null,
    primary key (username, notice_id)
);

-- Where else somebody wants to be told. An address counts when whoever receives there has said so.
create table notice_address (
    username     text not null references person,
    channel      text not null check (channel in ('email', 'sms')),
    address      text not null check (length(address) between 3 and 254),
    floor        text not null check (floor in ('news', 'action', 'urgent')),  -- what is less than this stays in the inbox
    asked_at     timestamptz not null,
    confirmed_at timestamptz,
    primary key (username, channel)
);

-- The outbox: one row an address and notice. Whoever sends holds a lease; what he does not settle is sent again, with the same identity.
create table delivery (
    id           bigint generated always as identity primary key,
    notice_id    bigint not null references notice on delete cascade,
    channel      text not null check (channel in ('email', 'sms', 'webhook')),
    address      text not null,
    owner        text not null,                     -- username or registrar id
    state        text not null default 'waiting' check (state in ('waiting', 'sent', 'failed')),
    attempts     integer not null default 0,
    due_at       timestamptz not null,              -- while somebody sends it: when his lease ends
    settled_at   timestamptz,
    answer       text not null default '',
    unique (notice_id, channel, address)
);
create index delivery_due on delivery (due_at) where state = 'waiting';
create index delivery_failed on delivery (settled_at) where state = 'failed';
