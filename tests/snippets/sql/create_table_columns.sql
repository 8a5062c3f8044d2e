-- A table with columns, defaults, constraints; and one that needs the other.
-- reads: CORE.ACCOUNTS
-- creates: CORE.ACCOUNTS, CORE.BOOKINGS
create table core.accounts (
    id number(38, 0) autoincrement start 1 increment 1,
    name varchar(200) not null comment 'who',
    kind varchar default 'private',
    attributes object,
    constraint pk primary key (id)
);
create table if not exists core.bookings (
    id number, account_id number references core.accounts (id), at timestamp_ltz default current_timestamp()
);
