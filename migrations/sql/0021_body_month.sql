-- 0021: bodies by month, kind, level and status. What a month was is told by the history of the bodies, so months that no run saw are filled in.

create table body_month (
    month    date not null check (extract(day from month) = 1),
    province text not null check (length(province) = 2),
    kind     text not null,
    level    text not null,
    status   text not null,
    bodies   integer not null,
    primary key (month, province, kind, level, status)
);
