-- 0024: decision letters: templates that are edited version by version, and the letters as they were given, never changed.

create table letter_template (
    kind      text not null check (kind in ('approved', 'refused', 'declined', 'lapsed')),
    version   integer not null check (version > 0),
    title     text not null check (length(title) between 1 and 80),
    text_zh   text not null check (length(text_zh) between 1 and 4000),
    text_en   text not null check (length(text_en) between 1 and 4000),
    edited_by text not null,
    edited_at timestamptz not null,
    primary key (kind, version)
);

create table letter_number (
    year integer primary key,
    last integer not null
);

create table decision_letter (
    id             text primary key,               -- ZM-2026-000123
    application_id text not null references application,
    kind           text not null,
    version        integer not null,               -- of the template; 0 is the built-in one
    at             timestamptz not null,
    title          text not null,
    text_zh        text not null,
    text_en        text not null
);
create index decision_letter_application on decision_letter (application_id, at);
create function letter_stays() returns trigger language plpgsql as $$
begin
    raise exception 'a letter that was given is never changed' using errcode = 'restrict_violation';
end
$$;
create trigger decision_letter_stays before update or delete on decision_letter for each row execute function letter_stays();
