-- 0011: figures of the establishment: counted once an hour, so that no page counts millions of rows, and kept by month.

create table body_figure (
    region    text not null,                        -- six digits
    kind      text not null,
    level     text not null,
    status    text not null,
    bodies    integer not null,
    with_name integer not null,                     -- bodies that hold at least one name that was not deleted
    with_mark integer not null,                     -- bodies with at least one valid mark
    primary key (region, kind, level, status)
);
create table body_figure_month (
    month     date not null check (extract(day from month) = 1),
    province  text not null check (length(province) = 2),
    alive     integer not null,
    with_name integer not null,
    with_mark integer not null,
    primary key (month, province)
);
create table body_figure_state (
    one        boolean primary key default true check (one),
    counted_at timestamptz not null
);
