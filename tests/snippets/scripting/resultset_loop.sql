-- RESULTSETs are looped over, returned, and are no tables.
-- reads: RAW.FILES, RAW.LOADED, RAW.QUEUE
-- inserts: RAW.QUEUE
declare
    res resultset default (select file_name from raw.files minus select file_name from raw.loaded);
    cur cursor for res;
    name varchar;
begin
    for f in cur do
        name := f.file_name;
        insert into raw.queue (file_name) values (:name);
    end for;
    res := (select count(*) as n from raw.queue);
    return table(res);
end;
