-- Things that are no tables.
-- creates: NUMBERED
create sequence if not exists seq start 1;
create file format if not exists csv_format type = csv;
create stage if not exists landing file_format = csv_format;
create table if not exists numbered (id int default seq.nextval);
