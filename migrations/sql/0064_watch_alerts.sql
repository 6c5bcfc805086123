-- 0064: what the watch has to say. The verifier writes its alerts; a job of the registry reads them through the window and tells people.

create table verifier.alert (
    id         bigint generated always as identity primary key,
    at         timestamptz not null,
    due_at     timestamptz not null,                      -- later than "at" in quiet hours and for the digest
    kind       text not null,                             -- "watch.incident", "watch.recovered", "watch.weekly" …
    severity   text not null check (severity in ('P1', 'P2', 'P3', 'P4')),
    audience   text not null check (audience in ('body', 'reviewers', 'operator', 'registrar')),
    uscc       text not null default '',
    level      text not null default '',
    region     text not null default '',
    registrar  text not null default '',
    subject_zh text not null,
    subject_en text not null,
    text_zh    text not null,
    text_en    text not null,
    link       text not null default '',
    payload    jsonb not null default '{}',
    once       text not null unique
);
create index alert_due on verifier.alert (due_at, id);

-- How a body wants to be told.
create table verifier.alert_setting (
    uscc        text primary key,
    quiet_from  smallint not null default 22 check (quiet_from between 0 and 23),   -- hours in Beijing; equal: never quiet
    quiet_until smallint not null default 7 check (quiet_until between 0 and 23),
    digest      boolean not null default true,            -- P3 and P4 once a day in one letter
    changed_at  timestamptz not null
);

create view published.watch_alert as
    select id, at, due_at, kind, severity, audience, uscc, level, region, registrar, subject_zh, subject_en, text_zh, text_en, link, payload, once
    from verifier.alert;

-- Which alerts the registry has told, and when: its own table, because the verifier's are not its to write.
create table watch_alert_told (
    alert_id bigint primary key,
    at       timestamptz not null
);

create view published.watch as
    select w.site_id, s.uscc, w.origin, w.host, j.at, j.identity, j.integrity, j.score, j.vetoes
    from verifier.watch w join verifier.site s on s.id = w.site_id left join verifier.judged j on j.watch_no = w.no
    where w.until is null;
