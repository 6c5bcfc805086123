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
    once           text unique                     -- a second notice with this key is not written
);
create index notice_inbox on notice (recipient_kind, recipient, id desc);
