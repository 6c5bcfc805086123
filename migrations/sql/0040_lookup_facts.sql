-- 0040: what look-ups need to say when something last changed.

create or replace view published.body as
    select uscc, name, kind, administrative, region, level, authority, address, status, established_on, successor_uscc, phone,
           imported_at as changed_at
    from body;
