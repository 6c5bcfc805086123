-- 0022: locked names are found without reading all names.

create index domain_locked on domain (name) where lock is not null;
